import { CharBase, CharMap, CharSet, Words } from "refa";
import { defined } from "../defined.js";

/**
 * The characters of a catalogue, folded into symbols: characters that no pattern and no literal of it tells
 * apart are one symbol, so that automata have a few dozen transitions instead of a million.
 *
 * Symbols are numbered from the most to the least welcome in a witness: fewer bytes first, then letters,
 * digits, and only at the end what a person cannot read.
 */
export interface Alphabet {
  /** Number of symbols. */
  readonly size: number;
  /** Bytes of UTF-8 per symbol; `Infinity` for what no file name holds: `/`, NUL, surrogates. */
  readonly bytes: readonly number[];
  /** The most readable character of each symbol. */
  readonly sample: readonly string[];
  /** The symbols that make up a set that was given to {@link alphabetOf}, ascending. */
  symbolsOf(set: CharSet): readonly number[];
  /** The symbols of a text, one per code point. */
  spell(text: string): number[];
}

/** The greatest code point, which bounds every character set here. */
export const LAST_CHARACTER = 0x10ffff;

/** The set that holds one character. */
export function one(character: string): CharSet {
  return CharSet.fromCharacter(LAST_CHARACTER, codeOf(character));
}

/** The alphabet that tells apart what `sets` tell apart. */
export function alphabetOf(sets: Iterable<CharSet>): Alphabet {
  const distinct = new Map([...sets].map((set) => [set.toRangesString(), set]));
  const base = new CharBase([...BYTE_CLASSES.map(({ set }) => set), ...distinct.values()]);
  const symbols = base.sets.map((set, index) => ({ index, ...describe(set), set }));
  symbols.sort((a, b) => compare(a.rank, b.rank));

  const symbolOfBase = new Map(symbols.map(({ index }, symbol) => [index, symbol]));
  const symbolOfCharacter = new CharMap<number>();
  symbols.forEach(({ set }, symbol) => {
    symbolOfCharacter.setCharSet(set, symbol);
  });
  const known = new Map<string, readonly number[]>();
  for (const [key, set] of distinct) {
    const parts = base.split(set).map((index) => defined(symbolOfBase.get(index)));
    known.set(
      key,
      parts.sort((a, b) => a - b),
    );
  }
  return {
    size: symbols.length,
    bytes: symbols.map(({ bytes }) => bytes),
    sample: symbols.map(({ sample }) => sample),
    symbolsOf(set) {
      return defined(known.get(set.toRangesString()));
    },
    spell: (text) =>
      Array.from(text, (character) => defined(symbolOfCharacter.get(codeOf(character)))),
  };
}

function ranges(...pairs: readonly (readonly [number, number])[]): CharSet {
  return CharSet.empty(LAST_CHARACTER).union(pairs.map(([min, max]) => ({ min, max })));
}

/** Splits every symbol by its length in UTF-8, so that a shortest word is shortest in bytes. */
const BYTE_CLASSES: readonly { readonly bytes: number; readonly set: CharSet }[] = [
  { bytes: 1, set: ranges([0x01, 0x2e], [0x30, 0x7f]) },
  { bytes: 2, set: ranges([0x80, 0x7ff]) },
  { bytes: 3, set: ranges([0x800, 0xd7ff], [0xe000, 0xffff]) },
  { bytes: 4, set: ranges([0x10000, LAST_CHARACTER]) },
  { bytes: Number.POSITIVE_INFINITY, set: ranges([0, 0], [0x2f, 0x2f], [0xd800, 0xdfff]) },
];

/** What a person reads without a second look, best first; the samples are drawn from the first that fits. */
const READABLE: readonly CharSet[] = [
  "az",
  "09",
  "AZ",
  "__",
  "--",
  "..",
  "!~",
  "àö",
  "øÿ",
  "αω",
  "ая",
  "一龥",
  "😀🙏",
].map((ends) => {
  const [first, last] = Array.from(ends, codeOf);
  return ranges([defined(first), defined(last)]);
});

interface Description {
  readonly bytes: number;
  readonly sample: string;
  /** Compared item by item: bytes, class of readability, code point. */
  readonly rank: readonly number[];
}

function describe(set: CharSet): Description {
  const bytes = defined(BYTE_CLASSES.find((entry) => set.isSubsetOf(entry.set))).bytes;
  let group = READABLE.findIndex((readable) => !readable.isDisjointWith(set));
  if (group === -1) group = READABLE.length;
  const readable = READABLE[group];
  const character =
    readable === undefined
      ? defined(Words.pickMostReadableCharacter(set))
      : defined(set.intersect(readable).ranges[0]).min;
  return { bytes, sample: String.fromCodePoint(character), rank: [bytes, group, character] };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((item, at) => item !== b[at]);
  // Two symbols have no character in common, so that they differ at the latest there.
  return defined(a[index]) - defined(b[index]);
}

function codeOf(character: string): number {
  return defined(character.codePointAt(0));
}
