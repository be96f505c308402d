/**
 * A program that reads a name, takes a lock, which excludes flock(1) and is excluded by it, and another in a Worker, and
 * says how that went, with the warnings of Node.js.
 */
export const TAKE: Readonly<Record<string, string>> = {
  "take.mjs": `
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { barman, ServerBackupLock } from "lock-catalogue/barman";
const warnings = [];
process.on("warning", ({ code, message }) => warnings.push(code + " " + message));
process.once("exit", () => process.stdout.write(warnings.map((warning) => warning + "\\n").join("")));
const lock = new ServerBackupLock(".", "main");
const flock = (...args) => spawnSync("/usr/bin/flock", ["-n", ...args]).status;
console.log(ServerBackupLock.buildIfMatches("/x/.main-backup.lock").serverName, barman.identify(lock.filename).kind);
try {
  console.log(await lock.acquire(), lock.getOwnerPid() === process.pid, flock(lock.filename, "true"));
  lock.release();
  const other = openSync(lock.filename, "r");
  spawnSync("/usr/bin/flock", ["-n", "3"], { stdio: ["ignore", "ignore", "inherit", other] });
  console.log(await lock.acquire({ raiseIfFail: false }));
  closeSync(other);
  new Worker(new URL("worker.mjs", import.meta.url));
} catch (error) {
  console.log(error.code, error.message);
}
`,
  "worker.mjs": `
import { ServerBackupLock } from "lock-catalogue/barman";
process.on("warning", ({ code, message }) => console.log(code, message));
console.log(new ServerBackupLock(".", "main").acquireSync());
`,
};

/** What it prints if all went well. */
export const TAKEN = "main ServerBackupLock\ntrue true 1\nfalse\ntrue\n";

/** What it prints if the flock program took the locks: the same, and once what to do. */
export const TAKEN_SLOWLY: RegExp =
  /^main ServerBackupLock\ntrue true 1\nfalse\ntrue\nLOCK_SLOW (?<message>.*)\n$/;
