// The programs that run a command under a lock, and those that show who holds one: how each is called.
import { spawnSync } from "node:child_process";
import { dirname, resolve } from "node:path";

const OURS = [process.execPath, resolve(import.meta.dirname, "../../dist/src/cli/main.js")];

/** Ours, by a kind: the files that are asked about have such a name. */
const run = (file, how) => [
  ...[...OURS, "run", "ServerBackupLock", "--directory", dirname(file), "--server-name", "main"],
  ...[...how, "--"],
];

/** How each takes a lock of `file`: without waiting, waiting, for at most a second, and shared; null if it cannot. */
export const RUNNERS = {
  run: {
    now: (file) => run(file, ["--no-wait"]),
    wait: (file) => run(file, ["--wait", "--verbose"]),
    atMost: (file) => run(file, ["--timeout", "1s"]),
    shared: (file) => [...OURS, "run", "--file", file, "--shared", "--"],
  },
  "flock(1)": {
    program: "flock",
    now: (file) => ["flock", "--nonblock", file],
    wait: (file) => ["flock", "--verbose", file],
    atMost: (file) => ["flock", "--wait", "1", file],
    shared: (file) => ["flock", "--nonblock", "--shared", file],
  },
  setlock: {
    program: "setlock",
    now: (file) => ["setlock", "-n", file],
    wait: (file) => ["setlock", "-N", file],
    atMost: null,
    shared: null,
  },
  chpst: {
    program: "chpst",
    now: (file) => ["chpst", "-L", file],
    wait: (file) => ["chpst", "-l", file],
    atMost: null,
    shared: null,
  },
  "with-lock-ex": {
    program: "with-lock-ex",
    now: (file) => ["with-lock-ex", "-f", file],
    wait: (file) => ["with-lock-ex", "-w", file],
    atMost: (file) => ["with-lock-ex", "-w", "-t", "1", file],
    shared: null,
  },
  lckdo: {
    program: "lckdo",
    now: (file) => ["lckdo", file],
    wait: (file) => ["lckdo", "-w", file],
    atMost: (file) => ["lckdo", "-W", "1", file],
    shared: (file) => ["lckdo", "-s", file],
  },
  dotlockfile: {
    program: "dotlockfile",
    now: (file) => ["dotlockfile", "-l", "-p", "-r", "0", file],
    wait: (file) => ["dotlockfile", "-l", "-p", "-r", "-1", "-i", "1", file],
    atMost: (file) => ["dotlockfile", "-l", "-p", "-r", "1", "-i", "1", file],
    shared: null,
  },
};

/** How each shows the lock of a file in a directory. */
export const LOOKERS = {
  who: { look: (file) => [...OURS, "who", file] },
  ls: { look: (_, directory) => [...OURS, "ls", directory] },
  lslocks: { program: "lslocks", look: () => ["lslocks", "--notruncate"] },
  fuser: { program: "fuser", look: (file) => ["fuser", file] },
  lsof: { program: "lsof", look: (file) => ["lsof", file] },
};

/** Whether it is there; what has no program is ours. */
export function isInstalled({ program }) {
  return program === undefined || spawnSync("which", [program]).status === 0;
}
