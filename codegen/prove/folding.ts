import { inQuotes } from "../../src/text.js";
import { foldedName, foldedWith } from "../automata/folding.js";
import {
  foldedLanguagesOf,
  type Language,
  type Languages,
  languagesOf,
} from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { anyName, commonName } from "../automata/overlap.js";
import { accepts, readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Folding, Kind, Overlap, Problem } from "../model.js";
import { candidatePairs } from "./candidates.js";
import { exampleNames, spelled } from "./witness.js";

/**
 * Every two kinds that share no name, and have names that are one file where a file system folds them: locks that
 * exclude each other there, and nowhere else. What takes too long to decide is left out: it is a warning only.
 *
 * @param overlaps Of the kinds that share names; for these it is settled whose they are.
 */
export function foldingsOf(
  spec: CatalogueSpec,
  languages: Languages,
  overlaps: readonly Overlap[],
): readonly Folding[] {
  const composed = composedOf(spec);
  const exact = composed === spec ? languages : languagesOf(composed);
  const folded = foldedLanguagesOf(composed) ?? (composed === spec ? null : exact);
  if (folded === null) return [];
  const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
  const shared = new Set(
    overlaps.flatMap(({ owner, other }) => [`${owner} ${other}`, `${other} ${owner}`]),
  );
  const found: Folding[] = [];
  for (const [first, second] of candidatePairs(composed.kinds, foldedName)) {
    if (shared.has(`${first.name} ${second.name}`)) continue;
    const names = unlessTooComplex<Folding["names"] | null>(
      () => {
        const name = commonName(folded.of(first), folded.of(second));
        if (name === null) return null;
        const nameOf = (kind: Kind): string =>
          written(defined(kinds.get(kind.name)), kind, unfolded(name, exact.of(kind)), exact);
        return [nameOf(first), nameOf(second)];
      },
      () => null,
    );
    if (names !== null) found.push({ first: first.name, second: second.name, names });
    if (found.length === MOST_FOLDINGS) break;
  }
  return found;
}

/** A catalogue with its literals composed, as file systems that ignore the normal form have them; itself if they are. */
function composedOf(spec: CatalogueSpec): CatalogueSpec {
  const isComposed = (text: string): boolean => text.normalize("NFC") === text;
  if (spec.kinds.every(({ template }) => isComposed(template))) return spec;
  const kinds = spec.kinds.map((kind) => ({
    ...kind,
    tokens: kind.tokens.map((token) =>
      "literal" in token ? { literal: token.literal.normalize("NFC") } : token,
    ),
  }));
  return { ...spec, kinds };
}

/** A name of a kind with composed literals, as the kind itself writes it. */
function written(kind: Kind, composed: Kind, name: string, languages: Languages): string {
  const [reading] = readings(composed, languages.of(composed), name);
  return reading === undefined ? name : spelled(kind, reading);
}

/** What there is to say of them, at the second kind of each. */
export function foldingWarnings(spec: CatalogueSpec, foldings: readonly Folding[]): Problem[] {
  const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
  return foldings.map(({ first, second, names: [one, other] }) => ({
    place: defined(kinds.get(second)).templatePlace,
    message:
      `warning: where a file system ignores case or normal form (macOS, Windows, exFAT), ${inQuotes(one)} of ${first} ` +
      `and ${inQuotes(other)} of ${second} are one file, so that these locks exclude each other there`,
    related: [
      { place: defined(kinds.get(first)).templatePlace, message: `${first} is declared here` },
    ],
  }));
}

/** Nobody reads more to the end. */
const MOST_FOLDINGS = 100;

/** Two names of a kind that are one file where a file system folds them, as far as its examples show; or `null`. */
export function foldedNames(
  kind: Kind,
  spec: CatalogueSpec,
  languages: Languages,
): readonly [string, string] | null {
  const language = languages.of(kind);
  for (const name of [...exampleNames(kind, spec, languages), anyName(language) ?? ""]) {
    const characters = Array.from(name);
    for (const [at, character] of characters.entries()) {
      for (const other of foldedWith(character)) {
        const variant = characters.with(at, other).join("");
        if (variant !== name && accepts(language, variant)) return [name, variant];
      }
    }
  }
  return null;
}

/** The name of a language that is folded to the same as another. There is one. */
function unfolded(name: string, language: Language): string {
  let ways = new Map([[0, ""]]);
  for (const character of name) {
    const next = new Map<number, string>();
    for (const variant of [character, ...foldedWith(character)]) {
      const [symbol = -1] = language.alphabet.spell(variant);
      for (const [state, before] of ways) {
        for (const { to } of language.states[state]?.next ?? []) {
          const takes = language.states[to]?.symbols.includes(symbol) === true;
          if (takes && !next.has(to)) next.set(to, before + variant);
        }
      }
    }
    ways = next;
  }
  const [found = name] = Array.from(ways).flatMap(([state, text]) =>
    (language.states[state]?.ends ?? 0) > 0 ? [text] : [],
  );
  return found;
}
