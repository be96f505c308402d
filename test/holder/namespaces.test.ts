import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../support/bounded.js";
import { canHavePids, canMount, inChild, isRoot, type Outcome } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";
import { ROOT } from "../support/root.js";

/** What a reader says of a lock: by getOwnerPid, by `scan`, and by the message of an acquire. */
const LOOK = `
  const lock = barman.barman.identify(args[0]);
  const [entry] = await barman.barman.scan(args[0].slice(0, -"/.cron.lock".length));
  const owner = await attempt(() => lock.getOwnerPid());
  const busy = await attempt(() => lock.acquire());
  const pid = entry.holder?.pid ?? null;
  tell({ owner: "value" in owner ? owner.value : owner.code, state: entry.state, pid, self: process.pid, busy });
`;

interface Look {
  readonly owner: number | string | null;
  readonly state: string;
  readonly pid: number | null;
  /** The reader's own PID. */
  readonly self: number;
  readonly busy: Outcome;
}

function cronLock(): string {
  return `${dirname(temporaryLock())}/.cron.lock`;
}

describe.skipIf(!canHavePids)("a holder and a reader in different PID namespaces", () => {
  it("the reader inside: the holder outside has no PID there, and nobody else is named", async () => {
    const file = cronLock();
    const holder = await Peer.holding(file);
    const look = await inChild<Look>(LOOK, { args: [file], ownPids: true });
    expect(look).toMatchObject({ owner: "LOCK_STAMP_GARBLED", state: "held by unknown" });
    expect(look.busy.code).toBe("LOCK_BUSY");
    expect(look.busy.message).not.toMatch(/this very process|PID \d/);
    expect(look.pid).not.toBe(holder.pid);
  });

  it("the reader outside: it names the holder by the PID that it has here, or nobody", async () => {
    const file = cronLock();
    const script = `
      import { LockFile } from "lock-catalogue";
      await new LockFile(${JSON.stringify(file)}).acquire();
      setInterval(() => {}, 1000);
    `;
    const flags = [...(isRoot ? [] : ["-r"]), "-pf", "--mount-proc", "--kill-child"];
    const node = [process.execPath, "--input-type=module", "-e", script];
    const holder = spawn("unshare", [...flags, ...node], { cwd: ROOT, stdio: "ignore" });
    onTestFinished(() => void holder.kill("SIGKILL"));
    const isStamped = (): boolean =>
      existsSync(file) && /^\d+\n$/.test(readFileSync(file, "latin1"));
    await until("held", isStamped);
    const look = await inChild<Look>(LOOK, { args: [file] });
    // Its stamp is a small number, of another process here.
    expect(look).toMatchObject({ state: "held", busy: { code: "LOCK_BUSY" } });
    expect(look.owner).toBe(look.pid);
    expect(look.pid).not.toBe(look.self);
    expect(look.pid).toBeGreaterThan(holder.pid ?? Infinity);
  });
});

it.skipIf(!isRoot || !canMount)(
  "a reader who sees no process of other users (hidepid=2) believes the stamp of one",
  async () => {
    const file = cronLock();
    const holder = await Peer.holding(file);
    chmodSync(dirname(file), 0o777);
    chmodSync(file, 0o666);
    const shell = [
      "mount -t proc -o hidepid=2 none /proc",
      'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"',
    ].join("\n");
    const look = await inChild<Look>(LOOK, { args: [file], ownMounts: true, shell });
    expect(look).toMatchObject({ owner: holder.pid, state: "held", pid: holder.pid });
    expect(look.busy).toMatchObject({
      code: "LOCK_BUSY",
      message: expect.stringContaining(`PID ${holder.pid}`),
    });
  },
);

it("a lock that is shared is busy, and has no exclusive owner", async () => {
  const file = cronLock();
  const sharer = await heldByFlock(file, "-s");
  const look = await inChild<Look>(LOOK, { args: [file] });
  expect(look).toMatchObject({
    owner: null,
    state: "shared",
    busy: { code: "LOCK_BUSY", message: expect.stringContaining("only share it") },
  });
  // Who waits behind it is no holder.
  const waiter = spawn("flock", ["-x", file, "true"]);
  onTestFinished(() => void waiter.kill("SIGKILL"));
  await until("it waits", () => waitersOn(file)?.length === 1);
  expect(await inChild<Look>(LOOK, { args: [file] })).toMatchObject({
    owner: null,
    state: "shared",
  });
  expect(sharer.exitCode).toBe(null);
});
