import fc from "fast-check";

/** A pattern as a tree, so that a test can walk it in the way a regex engine does. */
export type Tree =
  | { readonly letter: string; readonly takes: RegExp }
  | { readonly sequence: readonly Tree[] }
  | { readonly choice: readonly Tree[] }
  | { readonly body: Tree; readonly min: number; readonly max: number };

/** The text of a pattern. */
export function sourceOf(tree: Tree): string {
  if ("letter" in tree) return tree.letter;
  if ("sequence" in tree) return tree.sequence.map(sourceOf).join("");
  if ("choice" in tree) return `(?:${tree.choice.map(sourceOf).join("|")})`;
  const max = tree.max === Number.POSITIVE_INFINITY ? "" : tree.max;
  return `(?:${sourceOf(tree.body)}){${tree.min},${max}}`;
}

/** Trees over a, b and -, with every construct that a pattern may hold. */
export const tree: fc.Arbitrary<Tree> = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc
      .constantFrom("a", "b", "-", "[ab]", "[^-]")
      .map((letter) => ({ letter, takes: new RegExp(`^${letter}$`, "u") })),
    fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((sequence) => ({ sequence })),
    fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((choice) => ({ choice })),
    fc
      .tuple(
        tie("node"),
        fc.constantFrom(
          [0, 1],
          [0, Number.POSITIVE_INFINITY],
          [1, Number.POSITIVE_INFINITY],
          [2, 3],
          [2, Number.POSITIVE_INFINITY],
        ),
      )
      .map(([body, [min = 0, max = 0]]) => ({ body, min, max })),
  ),
})).node;

/** Whether a tree matches the empty text. */
export function isNullable(tree: Tree): boolean {
  if ("letter" in tree) return false;
  if ("sequence" in tree) return tree.sequence.every(isNullable);
  if ("choice" in tree) return tree.choice.some(isNullable);
  return tree.min === 0 || isNullable(tree.body);
}

/** Whether a repetition in a tree has a body that matches the empty text. */
export function hasNullableRound(tree: Tree): boolean {
  if ("letter" in tree) return false;
  if ("sequence" in tree) return tree.sequence.some(hasNullableRound);
  if ("choice" in tree) return tree.choice.some(hasNullableRound);
  return isNullable(tree.body) || hasNullableRound(tree.body);
}

/**
 * Backtracks through a text as the ECMAScript specification says, with an end that never comes, so that every
 * path is followed. The answer is the greatest number of times that one letter of the pattern (or its end) was
 * tried at one place of the text; `perCopy` divides it by the number of copies of the letter that its counted
 * repetitions stand for. It stops counting beyond `enough`.
 */
export function mostTries(tree: Tree, text: string, enough: number, perCopy: boolean): number {
  const tries = new Map<Tree | null, number[]>();
  let most = 0;
  const count = (at: Tree | null, place: number, copies: number): void => {
    const row = tries.get(at) ?? [];
    row[place] = (row[place] ?? 0) + 1;
    tries.set(at, row);
    most = Math.max(most, (row[place] ?? 0) / (perCopy ? copies : 1));
  };
  const walk = (node: Tree, place: number, copies: number, then: (place: number) => void): void => {
    if (most > enough) return;
    if ("letter" in node) {
      count(node, place, copies);
      if (place < text.length && node.takes.test(text.charAt(place))) then(place + 1);
    } else if ("sequence" in node) {
      const from = (index: number, at: number): void => {
        const item = node.sequence[index];
        if (item === undefined) then(at);
        else walk(item, at, copies, (next) => from(index + 1, next));
      };
      from(0, place);
    } else if ("choice" in node) {
      for (const item of node.choice) walk(item, place, copies, then);
    } else {
      const { body, min, max } = node;
      const inside = copies * (max === Number.POSITIVE_INFINITY ? Math.max(1, min) : max);
      const round = (done: number, at: number): void => {
        if (done < max) {
          walk(body, at, inside, (next) => {
            // A round beyond the minimum that took nothing is refused.
            if (done < min || next > at) round(done + 1, next);
          });
        }
        if (done >= min) then(at);
      };
      round(0, place);
    }
  };
  walk(tree, 0, 1, (place) => count(null, place, 1));
  return most;
}
