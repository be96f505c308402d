/** What separates one lock from the next. A value that is this word is written as `--flag=+`. */
export const AND = "+";

/**
 * The arguments of the program for each lock of a run, which are parsed one after the other; the arguments as they are
 * if this call is not one of `run`.
 */
export function callsOf(args: readonly string[]): string[][] {
  const [run, ...words] = args;
  if (run !== "run") return [[...args]];
  const calls = [[run]];
  for (const word of words) {
    if (word === AND) calls.push([run]);
    else calls.at(-1)?.push(word);
  }
  return calls;
}

/**
 * The arguments for commander. The words after the first `--` of `run` and `complete` are not: they are a command, or
 * words to complete. `help run <Kind>` is `run <Kind> --help`.
 */
export function splitArguments(all: string[]): { args: string[]; command: string[] | null } {
  const [first = "", ...rest] = all;
  if (first === "help" && rest.length > 0) return { args: [...rest, "--help"], command: null };
  const end = first === "run" || first === "complete" ? all.indexOf("--") : -1;
  return end === -1
    ? { args: all, command: null }
    : { args: all.slice(0, end), command: all.slice(end + 1) };
}
