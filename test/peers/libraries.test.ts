import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { Running } from "../support/cli.js";
import { temporaryLock } from "../support/directory.js";
import { PYTHON } from "../support/peer.js";
import { ROOT } from "../support/root.js";

const program = (name: string): string => join(import.meta.dirname, name);
const library = (name: string) => (file: string) => [
  process.execPath,
  program("hold.mjs"),
  name,
  file,
];

/** How each peer of the README's table takes a lock, says that it holds it, and keeps it. */
const PEERS: Readonly<Record<string, (file: string) => string[]>> = {
  "lock-catalogue": library("lock-catalogue"),
  "`flock(1)`": (file) => [
    ...["flock", "--nonblock", "--no-fork", file],
    ...["sh", "-c", "echo held; exec sleep 1000"],
  ],
  "Python's filelock": (file) => [PYTHON, program("hold.py"), file],
  "fs-native-extensions": library("fs-native-extensions"),
  "proper-lockfile": library("proper-lockfile"),
};

const hasFilelock = spawnSync(PYTHON, ["-c", "import filelock"]).status === 0;
const README = readFileSync(join(ROOT, "README.md"), "utf8");

function start(peer: string, file: string): Running {
  const [name = "", ...args] = PEERS[peer]?.(file) ?? [];
  return new Running(name, args);
}

/** Whether a peer gets a lock now. */
async function gets(peer: string, file: string): Promise<boolean> {
  const running = start(peer, file);
  const isDecided = (): boolean => running.out !== "" || running.child.exitCode !== null;
  await until(`${peer} has the lock or not: ${running.err}`, isDecided);
  return running.out.startsWith("held");
}

describe("the README's table of peers", () => {
  it("is about those that are measured", () => {
    const [, table = ""] = README.split("## Beside its peers");
    const names = [...table.matchAll(/^\| (\S.*?) +\| (?:yes|no)/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(PEERS));
  });

  for (const peer of Object.keys(PEERS)) {
    it.skipIf(peer === "Python's filelock" && !hasFilelock)(
      `says of ${peer} what a run of it shows`,
      async () => {
        const file = temporaryLock();
        const holder = start(peer, file);
        await holder.says("held");
        expect(await gets(peer, file)).toBe(false);
        const excludes = !(await gets("`flock(1)`", file));
        const ends = await gets(peer, await afterKill(peer));
        const row = README.split("\n").find((line) => line.startsWith(`| ${peer} `)) ?? "";
        const [, , first = "", second = ""] = row.split("|").map((cell) => cell.trim());
        expect({ excludes: first, ends: second.slice(0, 3).replace(":", "") }).toEqual({
          excludes: excludes ? "yes" : "no",
          ends: ends ? "yes" : "no",
        });
      },
    );
  }
});

/** A file whose holder was killed. */
async function afterKill(peer: string): Promise<string> {
  const file = temporaryLock();
  const holder = start(peer, file);
  await holder.says("held");
  holder.child.kill("SIGKILL");
  await holder.end();
  return file;
}
