import type { CharSet } from "refa";
import { NAME_MAX } from "../../src/name.js";
import { defined } from "../defined.js";
import { MOST_GROUPS, MOST_POSITIONS, MOST_TRIES, TooComplex } from "./limits.js";
import { type Sequence, type Syntax, syntaxOf } from "./syntax.js";

/**
 * The position automaton (Glushkov's) of a regex, built up part by part. A position is one character class of
 * the pattern, after its quantifiers are written out; an edge says that one position can follow another, and
 * in how many ways a backtracking matcher gets from one to the other without reading a character.
 */
export class PositionAutomaton {
  /** The characters each position takes. */
  readonly sets: CharSet[] = [];
  /** For each position those that can follow it, with the number of ways. */
  readonly follow: Map<number, number>[] = [];
  #groups = 0;

  /** One character. */
  character(set: CharSet): Fragment {
    if (this.sets.length >= MOST_POSITIONS) {
      throw new TooComplex(
        `written out, its repetitions come to more than ${MOST_POSITIONS} characters`,
      );
    }
    const position = this.sets.push(set) - 1;
    this.follow.push(new Map());
    return { empty: 0, first: new Map([[position, 1]]), last: new Map([[position, 1]]) };
  }

  /** A pattern: the body of a regex in `u` mode. */
  pattern(source: string): Fragment {
    return this.alternatives(syntaxOf(source));
  }

  /** `left`, then `right`. */
  concatenation(left: Fragment, right: Fragment): Fragment {
    this.connect(left.last, right.first);
    return {
      empty: ways(left.empty * right.empty),
      first: sum(left.first, times(right.first, left.empty)),
      last: sum(right.last, times(left.last, right.empty)),
    };
  }

  private alternatives(list: readonly Sequence[]): Fragment {
    // Groups that match nothing make no positions, and can still be repeated without end.
    this.#groups += 1;
    if (this.#groups > MOST_GROUPS) throw new TooComplex(TOO_MANY_GROUPS);
    return list
      .map((sequence) =>
        sequence
          .map((item) => this.item(item))
          .reduce((left, right) => this.concatenation(left, right), EMPTY_WORD),
      )
      .reduce(
        (left, right) => ({
          empty: ways(left.empty + right.empty),
          first: sum(left.first, right.first),
          last: sum(left.last, right.last),
        }),
        NOTHING,
      );
  }

  private item(item: Syntax): Fragment {
    if ("set" in item) return this.character(item.set);
    const { alternatives, min, max } = item;
    return this.repeated(
      () => this.alternatives(alternatives),
      Math.min(min, NAME_MAX + 1),
      // No name has room for more rounds than it has bytes, so that a greater maximum is none.
      max >= NAME_MAX ? Number.POSITIVE_INFINITY : max,
    );
  }

  private repeated(body: () => Fragment, min: number, max: number): Fragment {
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.loop(body());
      if (min === 0) return optional(loop);
      let result = loop;
      for (let round = 1; round < min; round++) result = this.concatenation(body(), result);
      return result;
    }
    // x{1,3} is x(x(x)?)?, which is how a matcher counts: a round that is left out ends the counting.
    let rest = EMPTY_WORD;
    for (let round = max; round > min; round--) rest = optional(this.concatenation(body(), rest));
    for (let round = min; round > 0; round--) rest = this.concatenation(body(), rest);
    return rest;
  }

  private loop(body: Fragment): Fragment {
    this.connect(body.last, body.first);
    // A matcher tries an empty round before it refuses it: those tries count at the end of the loop.
    return { ...body, last: times(body.last, ways(1 + body.empty)) };
  }

  private connect(last: ReadonlyMap<number, number>, first: ReadonlyMap<number, number>): void {
    for (const [from, waysOut] of last) {
      const next = defined(this.follow[from]);
      for (const [to, waysIn] of first) next.set(to, ways((next.get(to) ?? 0) + waysOut * waysIn));
    }
  }
}

/** A part of an automaton: where it starts, where it ends, and in how many ways it matches nothing. */
export interface Fragment {
  readonly empty: number;
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
}

/** The fragment that matches the empty text, in one way. */
export const EMPTY_WORD: Fragment = { empty: 1, first: new Map(), last: new Map() };

const NOTHING: Fragment = { empty: 0, first: new Map(), last: new Map() };

function optional(body: Fragment): Fragment {
  return { ...body, empty: ways(body.empty + 1) };
}

const TOO_MANY_GROUPS = `written out, its repetitions come to more than ${MOST_GROUPS} groups`;

/** Counts saturate: beyond the limit of tries it is enough to know that it is beyond. */
function ways(count: number): number {
  return Math.min(count, MOST_TRIES + 1);
}

function times(map: ReadonlyMap<number, number>, factor: number): ReadonlyMap<number, number> {
  if (factor === 0) return NOTHING.first;
  if (factor === 1) return map;
  return new Map(Array.from(map, ([position, count]) => [position, ways(count * factor)]));
}

function sum(
  left: ReadonlyMap<number, number>,
  right: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  const result = new Map(left);
  for (const [position, count] of right)
    result.set(position, ways((result.get(position) ?? 0) + count));
  return result;
}
