import { readlinkSync } from "node:fs";

/** Loaded by who needs it: it takes a sixth of the time in which the runtime is imported. */
export function threads(): typeof import("node:worker_threads") {
  return process.getBuiltinModule("node:worker_threads");
}

/** Whether this is the main thread of Node.js: so it is in the first thread of the process, where no Worker runs. */
export const isMainThread: boolean = isFirstThread() || threads().isMainThread;

/** By /proc, which names both process and thread; false if it is not there. */
function isFirstThread(): boolean {
  try {
    // As in 4711/task/4712.
    const [pid, , tid] = readlinkSync("/proc/thread-self").split("/");
    return pid === tid;
  } catch {
    return false;
  }
}
