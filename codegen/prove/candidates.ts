import type { Kind } from "../model.js";

/**
 * The pairs of kinds that may share a name, each once. What is left out here has no common name for certain,
 * and the automata judge the rest; so this decides how long a proof takes, never what it says.
 *
 * Names begin and end with the literals of their template, so that two kinds with a common name have
 * beginnings of which one starts with the other, and endings of which one ends with the other. In two fixed
 * directories, they are two files. A directory that a program or the environment may say can be any.
 *
 * @param fold What makes two literals one where the names of a file system are folded.
 */
export function* candidatePairs(
  kinds: readonly Kind[],
  fold: (text: string) => string = (text) => text,
): Generator<readonly [Kind, Kind]> {
  const edges = kinds.map((kind) => ({
    kind,
    begin: fold(literalOf(kind.tokens[0])),
    end: fold(literalOf(kind.tokens.at(-1))),
    directory: foldedOrNull(fixedDirectory(kind), fold),
  }));
  for (const [index, first] of edges.entries()) {
    for (const second of edges.slice(index + 1)) {
      if (areApart(first.directory, second.directory)) continue;
      if (!(first.end.endsWith(second.end) || second.end.endsWith(first.end))) continue;
      if (!(first.begin.startsWith(second.begin) || second.begin.startsWith(first.begin))) continue;
      yield [first.kind, second.kind];
    }
  }
}

/** Whether files of two kinds may be in one directory. */
export function mayMeet(first: Kind, second: Kind): boolean {
  return !areApart(fixedDirectory(first), fixedDirectory(second));
}

function fixedDirectory({ directory }: Kind): string | null {
  return directory?.env === null ? directory.path : null;
}

/** Whether two kinds have fixed directories, and not the same. */
function areApart(first: string | null, second: string | null): boolean {
  return first !== null && second !== null && first !== second;
}

function foldedOrNull(text: string | null, fold: (text: string) => string): string | null {
  return text === null ? null : fold(text);
}

/** The text of a literal token; a parameter promises nothing about it. */
function literalOf(token: Kind["tokens"][number] | undefined): string {
  return token !== undefined && "literal" in token ? token.literal : "";
}
