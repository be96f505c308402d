/** A program that reads a name, takes a lock, and another in a Worker, and says how that went. */
export const TAKE: Readonly<Record<string, string>> = {
  "take.mjs": `
import { Worker } from "node:worker_threads";
import { barman, ServerBackupLock } from "lock-catalogue/barman";
const lock = new ServerBackupLock(".", "main");
console.log(ServerBackupLock.buildIfMatches("/x/.main-backup.lock").serverName, barman.identify(lock.filename).kind);
try {
  console.log(await lock.acquire(), lock.getOwnerPid() === process.pid);
  lock.release();
  new Worker(new URL("worker.mjs", import.meta.url));
} catch (error) {
  console.log(error.code, error.message);
}
`,
  "worker.mjs": `
import { ServerBackupLock } from "lock-catalogue/barman";
console.log(new ServerBackupLock(".", "main").acquireSync());
`,
};

/** What it prints where all went well. */
export const TAKEN = "main ServerBackupLock\ntrue true\ntrue\n";

/** What it prints where the add-on was not compiled: the names, and what to do. */
export const MISSING: RegExp = /^main ServerBackupLock\nLOCK_NATIVE_MISSING (?<message>.*)\n$/;
