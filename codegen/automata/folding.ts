import type { CharSet } from "refa";
import { one } from "./alphabet.js";

/**
 * What a file system that folds takes for one character: it ignores case, or the Unicode normal form, as those of macOS
 * and Windows, and exFAT, do. Only what is one character for one: "ß" is not "SS" here. Of two literals that differ in an
 * accent of its own, see the proofs; of patterns that allow one, nothing is said.
 */

/** The one of all that a character is folded with which stands for them: lower case, composed. */
function folded(character: string): string {
  const composed = single(character.normalize("NFC")) ?? character;
  const upper = single(composed.toUpperCase()) ?? composed;
  return single(upper.toLowerCase()) ?? composed;
}

/** A name as its folding file system keeps it apart from others. */
export function foldedName(name: string): string {
  return Array.from(name, folded).join("");
}

/** The characters that are folded with one, itself included. */
export function foldedWith(character: string): readonly string[] {
  return classes().get(folded(character)) ?? [character];
}

/** A set, with all that is folded with a character of it. */
export function closure(set: CharSet): CharSet {
  return [...classes().values()]
    .filter((characters) => characters.some((character) => has(set, character)))
    .flat()
    .reduce((closed, character) => closed.union(one(character)), set);
}

/**
 * Whether a set has, of all that is folded, what stands for it. Then a name over such sets can be written in lower case,
 * and two languages over such sets have names that are folded together only if they share a name.
 */
export function isSettled(set: CharSet): boolean {
  for (const [standing, characters] of classes()) {
    if (has(set, standing)) continue;
    if (characters.some((character) => has(set, character))) return false;
  }
  return true;
}

function has(set: CharSet, character: string): boolean {
  return set.has(character.codePointAt(0) ?? 0);
}

function single(text: string): string | null {
  return Array.from(text).length === 1 ? text : null;
}

/** Those of more than one character, by the one that stands for it. */
function classes(): ReadonlyMap<string, readonly string[]> {
  if (known === null) {
    const all = new Map<string, string[]>();
    for (let code = 0; code <= LAST_WITH_CASE; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      const standing = folded(character);
      if (standing === character) continue;
      all.set(standing, [...(all.get(standing) ?? [standing]), character]);
    }
    known = all;
  }
  return known;
}

/** Made when first needed: some 30 ms. */
let known: ReadonlyMap<string, readonly string[]> | null = null;

/** Above it, no character has another case (Unicode 16). */
const LAST_WITH_CASE = 0x1ffff;
