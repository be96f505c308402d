import { commandOf } from "../system/process.js";
import { holderOf, lookFor } from "./find-holder.js";

/** The holder of a lock, for a message: a few looks, no waiting, and never an error of its own. */
export function describeHolder(path: string): string {
  let pid: number | null;
  try {
    const look = lookFor(0, path);
    if (look === null) return "nobody any more, or by processes that only share it";
    pid = holderOf(look) ?? look.taker;
  } catch {
    pid = null;
  }
  if (pid === null) return "a process that has not left its PID";
  const command = commandOf(pid);
  /* v8 ignore next -- macOS tells no command lines. */
  if (command === null) return `PID ${pid}`;
  return `PID ${pid} (${shorten(command)})`;
}

/** Control characters would garble a log, and a long command line would bury the rest. */
function shorten(command: string): string {
  const line = command.replace(/\p{Cc}+/gu, " ");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
