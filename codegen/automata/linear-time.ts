import { NAME_MAX } from "../../src/name.js";
import { defined } from "../defined.js";
import { type State, symbolClasses } from "./dfa.js";
import type { Language } from "./languages.js";
import { MOST_CONFIGURATIONS, MOST_TRIES, TooComplex } from "./limits.js";

/** An input on which a regex is slow. */
export interface SlowInput {
  /** What the input begins with. */
  readonly head: string;
  /** What is repeated after it, again and again; empty if no repetition is needed. */
  readonly pump: string;
  /** How often the regex tries a position on such an input of 255 characters. */
  readonly tries: number;
}

/**
 * Finds an input on which a backtracking matcher is slow; `null` says there is none.
 *
 * What such a matcher does on a text is to follow every path through the pattern until one succeeds, at worst
 * all of them. So the analysis counts the paths: a vector holds, for the text read so far, in how many ways
 * each position of the pattern can have been reached. Reading a character makes the next vector from it, and
 * the vectors that any text at all can lead to are finitely many exactly if the number of ways stays bounded.
 * If no position is ever tried more than 32 times at one place, a match takes at most 32 × positions ×
 * length tries, whatever the text: that is the proof. If some text goes beyond, that text is the witness.
 *
 * Patterns with a few ways, such as `(?:[a-z]+|[a-z0-9]+)`, pass; `(a+)+` and two neighbouring `[^/]+` do not,
 * since their ways grow with the text. Known analysers were no replacement: scslre looks only at repetitions
 * of one character and says itself that it misses cases, which is not what a proof may do.
 */
export function slowInput(language: Language): SlowInput | null {
  const { states, alphabet } = language;
  const { membersOf, representatives } = symbolClasses(states, alphabet.size);
  const start: Vector = { ways: new Map([[0, 1]]), kind: -1, before: null };
  const seen = new Set<string>();
  const queue = [start];
  for (const vector of queue) {
    const tries = triesFrom(states, vector.ways);
    if (Math.max(0, ...tries.values()) > MOST_TRIES) {
      const text = path(vector).map((kind) =>
        defined(alphabet.sample[defined(representatives[kind])]),
      );
      return pumped(language, text);
    }
    for (const { kind, taken } of byTakers([...tries], membersOf, representatives.length)) {
      const key = taken.join(";");
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > MOST_CONFIGURATIONS) throw new TooComplex("its paths are too many to count");
      queue.push({ ways: new Map(taken), kind, before: vector });
    }
  }
  return null;
}

/** How many ways lead to each state, after a text. */
interface Vector {
  readonly ways: ReadonlyMap<number, number>;
  /** The class of symbols that was read last. */
  readonly kind: number;
  readonly before: Vector | null;
}

/** The state that stands for the end of the pattern; it too is tried. */
const END = -1;

function triesFrom(
  states: readonly State[],
  ways: ReadonlyMap<number, number>,
): Map<number, number> {
  const tries = new Map<number, number>();
  const add = (to: number, count: number): void => {
    if (count > 0) tries.set(to, (tries.get(to) ?? 0) + count);
  };
  for (const [from, count] of ways) {
    const state = defined(states[from]);
    for (const edge of state.next) add(edge.to, count * edge.ways);
    add(END, count * state.ends);
  }
  return tries;
}

/** What each class of symbols leaves of the tries, once for all classes that leave the same. */
function byTakers(
  tries: readonly (readonly [to: number, count: number])[],
  membersOf: readonly (readonly boolean[])[],
  classes: number,
): { readonly kind: number; readonly taken: readonly (readonly [number, number])[] }[] {
  const targets = tries.filter(([to]) => to !== END).sort(([a], [b]) => a - b);
  const lists = [...new Set(targets.map(([to]) => defined(membersOf[to])))];
  const found = new Map<string, number>();
  for (let kind = 0; kind < classes; kind++) {
    const takers = lists.map((list) => (list[kind] === true ? "1" : "0")).join("");
    if (takers.includes("1") && !found.has(takers)) found.set(takers, kind);
  }
  return Array.from(found.values(), (kind) => ({
    kind,
    taken: targets.filter(([to]) => defined(defined(membersOf[to])[kind])),
  }));
}

function path(vector: Vector): number[] {
  const kinds: number[] = [];
  for (let at = vector; at.before !== null; at = at.before) kinds.unshift(at.kind);
  return kinds;
}

/** Finds the shortest stretch of a slow text whose repetition makes it slower and slower. */
function pumped(language: Language, text: readonly string[]): SlowInput {
  let best: SlowInput = { head: text.join(""), pump: "", tries: total(language, text) };
  let shortest = Number.POSITIVE_INFINITY;
  for (let length = 1; length <= text.length; length++) {
    for (let at = 0; at + length <= text.length && at + length < shortest; at++) {
      const head = text.slice(0, at);
      const pump = text.slice(at, at + length);
      const input = [...head];
      while (input.length + length <= NAME_MAX) input.push(...pump);
      const most = mostTries(language, input);
      if (most <= MOST_TRIES) continue;
      best = { head: head.join(""), pump: pump.join(""), tries: total(language, input) };
      shortest = at + length;
    }
  }
  return best;
}

function mostTries(language: Language, text: readonly string[]): number {
  return Math.max(...walk(language, text).map((tries) => Math.max(0, ...tries.values())));
}

function total(language: Language, text: readonly string[]): number {
  let sum = 0;
  for (const tries of walk(language, text)) for (const count of tries.values()) sum += count;
  return sum;
}

/** The tries before each character of a text, and after the last. */
function walk(language: Language, text: readonly string[]): Map<number, number>[] {
  const { states, alphabet } = language;
  let ways: ReadonlyMap<number, number> = new Map([[0, 1]]);
  const all = [triesFrom(states, ways)];
  for (const symbol of alphabet.spell(text.join(""))) {
    ways = new Map(
      Array.from(defined(all.at(-1))).filter(
        ([to]) => to !== END && defined(states[to]).symbols.includes(symbol),
      ),
    );
    all.push(triesFrom(states, ways));
  }
  return all;
}
