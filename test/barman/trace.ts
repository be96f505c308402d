import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { barman } from "../../generated/index.js";

/** What one process did to locks. */
export interface Trace {
  /** The command of Barman's that it ran; null for what is no Barman. */
  readonly command: string | null;
  /** Which kinds it tried to lock, in order, each with those that it held then, the outermost first. */
  readonly taken: readonly { readonly kind: string; readonly within: readonly string[] }[];
  readonly removed: readonly string[];
  /** The signals that it sent. */
  readonly signals: readonly string[];
  readonly hasEnded: boolean;
}

/** A process of what strace wrote with `-ff -y`. */
export function readTraces(prefix: string, directory: string): readonly Trace[] {
  const names = readdirSync(dirname(prefix)).filter((name) =>
    name.startsWith(`${basename(prefix)}.`),
  );
  return names.map((name) =>
    readTrace(readFileSync(join(dirname(prefix), name), "utf8"), directory),
  );
}

function readTrace(text: string, directory: string): Trace {
  const held = new Map<string, string>();
  const taken: Trace["taken"][number][] = [];
  const removed: string[] = [];
  const signals: string[] = [];
  let command: string | null = null;
  for (const line of text.split("\n")) {
    const [, call = "", rest = ""] = /^(\w+)\((.*)$/.exec(line) ?? [];
    const file = /^(\d+)<(.*?)(?: \(deleted\))?>/.exec(rest);
    const kind = file === null ? null : kindOf(file[2] ?? "", directory);
    if (call === "execve") command = commandOf(rest) ?? command;
    if (call === "kill") signals.push(/, (SIG\w+|0)\)/.exec(rest)?.[1] ?? rest);
    if (call.startsWith("unlink") && rest.endsWith(" = 0")) {
      const path = /"(.*)"/.exec(rest)?.[1] ?? "";
      const gone = kindOf(path, directory);
      if (gone !== null) removed.push(gone);
    }
    if (file === null || kind === null) continue;
    const fd = file[1] ?? "";
    if (call === "close" || rest.includes("LOCK_UN")) held.delete(fd);
    else if (call === "flock") {
      taken.push({ kind, within: [...held.values()] });
      if (rest.endsWith(" = 0")) held.set(fd, kind);
    }
  }
  return { command, taken, removed, signals, hasEnded: text.includes("\n+++ ") };
}

/** The kind of a lock file; its name if it is of none, null if it is no lock file. */
function kindOf(path: string, directory: string): string | null {
  if (dirname(path) !== directory || !path.endsWith(".lock")) return null;
  return barman.identify(path)?.constructor.name ?? basename(path);
}

function commandOf(execve: string): string | null {
  if (!execve.includes('/bin/barman"')) return null;
  const words = [...execve.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word ?? "");
  const at = words.findIndex((word) => word.endsWith("/bin/barman"), 1);
  const rest = words.slice(words.lastIndexOf(words[at] ?? "") + 1);
  return rest.filter((word, index) => !/^-[cq]$/.test(word) && rest[index - 1] !== "-c").join(" ");
}
