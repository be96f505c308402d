import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { canMount, inChild } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";

/** A file system that is made in `$1`, and its directory `$1/here`. Of these, fstat(2) tells another device than the kernel's table. */
const BTRFS = `truncate -s 128M "$1/image"; mkfs.btrfs -q "$1/image" >&2; mount -o loop "$1/image" "$1/here"`;
const overlay = (on: string): string =>
  `mkdir "${on}/lower" "${on}/upper" "${on}/work"; ` +
  `mount -t overlay -o "lowerdir=${on}/lower,upperdir=${on}/upper,workdir=${on}/work" none "$1/here"`;
const FILE_SYSTEMS = {
  tmpfs: 'mount -t tmpfs none "$1/here"',
  btrfs: BTRFS,
  "a subvolume of btrfs": `${BTRFS}; btrfs -q subvolume create "$1/here/sub"; mount --bind "$1/here/sub" "$1/here"`,
  overlayfs: `mkdir "$1/on"; mount -t tmpfs none "$1/on"; ${overlay("$1/on")}`,
};

/** A process of another program holds a lock whose file has the PID of a stranger, and another one waits for it. */
const SCRIPT = `
  import { spawn } from "node:child_process";
  import { setTimeout as sleep } from "node:timers/promises";
  const directory = args[0] + "/here";
  const file = directory + "/.cron.lock";
  fs.writeFileSync(file, process.ppid + "\\n");
  const holder = spawn("flock", ["-F", "-x", file, "sleep", "60"]);
  const lines = () => fs.readFileSync("/proc/locks", "latin1").split("\\n");
  const has = async (sign) => {
    for (let tries = 0; tries < 10_000 && !lines().some(sign); tries++) await sleep(2);
  };
  await has((line) => line.includes(" " + holder.pid + " "));
  const waiter = spawn("flock", ["-F", "-x", file, "sleep", "60"]);
  await has((line) => line.includes(" -> ") && line.includes(" " + waiter.pid + " "));
  const catalogue = barman.barman;
  const [entry] = await catalogue.scan(directory);
  const owner = await attempt(() => catalogue.identify(file).getOwnerPid());
  const swept = await catalogue.sweep(directory);
  holder.kill("SIGKILL");
  await has((line) => !line.includes(" -> ") && line.includes(" " + waiter.pid + " "));
  const next = await attempt(() => catalogue.identify(file).getOwnerPid());
  waiter.kill("SIGKILL");
  const lock = catalogue.identify(file);
  const got = await attempt(() => lock.acquire({ timeout: 20_000 }));
  const mine = await attempt(() => lock.getOwnerPid());
  tell({
    names: [holder.pid, waiter.pid, process.pid],
    seen: [entry.holder?.pid, entry.waiters[0]?.pid, mine.value],
    owners: [owner.value, next.value],
    held: swept.held.length,
    got,
  });
`;

interface Seen {
  readonly names: readonly number[];
  readonly seen: readonly number[];
  readonly owners: readonly number[];
  readonly held: number;
  readonly got: unknown;
}

describe("a holder and who waits are known by the system, and not by a stale stamp,", () => {
  it.for(Object.entries(FILE_SYSTEMS))("on %s", async ([, make], { skip }) => {
    const shell = `mkdir "$1/here"; ${make}`;
    const directory = temporaryDirectory();
    const trial = ["-m", "sh", "-ec", shell, "sh", temporaryDirectory()];
    if (!canMount || spawnSync("unshare", trial, { stdio: "ignore" }).status !== 0) {
      skip("such a file system cannot be made here");
    }
    const seen = await inChild<Seen>(SCRIPT, {
      args: [directory],
      ownMounts: true,
      shell: `set -- "${directory}" "$@"\n${shell}\nshift\nexec "$@"`,
    });
    expect(seen.seen).toEqual(seen.names);
    expect(seen.owners).toEqual(seen.names.slice(0, 2));
    expect(seen).toMatchObject({ held: 1, got: { value: true } });
  });
});
