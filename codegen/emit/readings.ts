import path from "node:path";
import { ANY_VALUE, TEST_DIRECTORY } from "../../src/name.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Overlap, Proof } from "../model.js";
import { compile } from "../spec/pattern.js";

/** How a kind reads a name: its values in template order. */
export interface Reading {
  readonly kind: string;
  readonly parameters: readonly string[];
  readonly values: readonly string[];
}

/**
 * Reads names as the spec says, by trying every split of a name over the tokens: not by the regular
 * expressions that are generated, so that the truth table which comes of it says something about
 * them.
 */
export class Reader {
  readonly #kinds: readonly Prepared[];
  /** The kinds by the literal text that their names end with, as indexes into the reading order. */
  readonly #bySuffix: ReadonlyMap<string, readonly number[]>;

  constructor(spec: CatalogueSpec, readingOrder: readonly string[]) {
    const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
    const values = new Map<string, RegExp>();
    for (const { name, pattern } of spec.parameters.values()) {
      values.set(name, compile(pattern ?? ANY_VALUE));
    }
    this.#kinds = readingOrder.map((name) => prepare(defined(kinds.get(name)), values));
    const bySuffix = new Map<string, number[]>();
    this.#kinds.forEach(({ suffix }, index) => {
      const known = bySuffix.get(suffix);
      if (known === undefined) bySuffix.set(suffix, [index]);
      else known.push(index);
    });
    this.#bySuffix = bySuffix;
  }

  /** Every kind that reads a file name or an absolute path, in reading order: the first one owns it. */
  read(file: string): readonly Reading[] {
    const [place, name] = file.startsWith("/")
      ? [path.posix.dirname(file), path.posix.basename(file)]
      : [TEST_DIRECTORY, file];
    return this.#endingLike(name).flatMap(({ kind, parameters, prefix, parts, fixed }) => {
      if (!name.startsWith(prefix) || (fixed !== null && fixed !== place)) return [];
      const values = split(name, parts, 0, 0);
      return values === null ? [] : [{ kind, parameters, values }];
    });
  }

  /** The kinds with a suffix that the name has, in reading order. */
  #endingLike(name: string): readonly Prepared[] {
    const ends = Array.from({ length: name.length + 1 }, (_, at) => name.slice(at));
    const found = ends.flatMap((end) => this.#bySuffix.get(end) ?? []);
    return found.sort((a, b) => a - b).map((index) => defined(this.#kinds[index]));
  }
}

/** A template part: literal text, or what a value has to match. */
type Part = string | RegExp;

interface Prepared {
  readonly kind: string;
  readonly parameters: readonly string[];
  readonly parts: readonly Part[];
  /** The only directory in which it reads names; `null` for any. */
  readonly fixed: string | null;
  /** Literal text at the ends, which rules most kinds out before any is tried. */
  readonly prefix: string;
  readonly suffix: string;
}

function prepare(kind: Kind, values: ReadonlyMap<string, RegExp>): Prepared {
  const parts = kind.tokens.map(
    (token): Part => ("literal" in token ? token.literal : defined(values.get(token.parameter))),
  );
  const [first] = parts;
  const last = parts.at(-1);
  return {
    kind: kind.name,
    parameters: kind.parameters,
    parts,
    fixed: kind.directory?.env === null ? kind.directory.path : null,
    prefix: typeof first === "string" ? first : "",
    suffix: typeof last === "string" ? last : "",
  };
}

/**
 * The values of the parameters where `parts` from `part` on are the name from `at` on; the proofs
 * say there is one way at most.
 */
function split(
  name: string,
  parts: readonly Part[],
  part: number,
  at: number,
): readonly string[] | null {
  const next = parts[part];
  if (next === undefined) return at === name.length ? [] : null;
  // Whoever comes here has seen that the literal stands there.
  if (typeof next === "string") return split(name, parts, part + 1, at + next.length);
  const following = parts[part + 1];
  for (let end = name.length; end > at; end--) {
    if (typeof following === "string" && !name.startsWith(following, end)) continue;
    const value = name.slice(at, end);
    if (!value.isWellFormed() || !next.test(value)) continue;
    const others = split(name, parts, part + 1, end);
    if (others !== null) return [value, ...others];
  }
  return null;
}

/** The overlaps of a catalogue by the kind that owns the common names. */
export function overlapsByOwner(proof: Proof): ReadonlyMap<string, readonly Overlap[]> {
  const byOwner = new Map<string, Overlap[]>();
  for (const overlap of proof.overlaps) {
    const known = byOwner.get(overlap.owner);
    if (known === undefined) byOwner.set(overlap.owner, [overlap]);
    else known.push(overlap);
  }
  return byOwner;
}
