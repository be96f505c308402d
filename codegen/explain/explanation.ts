import { modeOf } from "../../src/text.js";
import { type Languages, languagesOf } from "../automata/languages.js";
import { readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import { nameRegex } from "../emit/regex.js";
import type { CatalogueSpec, Folding, Kind, Overlap, Proof, Range } from "../model.js";
import { byCodeUnit } from "../order.js";
import { foldedNames } from "../prove/folding.js";

/** A catalogue as `explain --json` prints it. */
export interface Explanation {
  /** Name of the catalogue object. */
  readonly catalogue: string;
  /** What the locks are of; `null` if the spec does not say. */
  readonly description: string | null;
  /** In reading order; kinds that are never read come last. */
  readonly kinds: readonly ExplainedKind[];
  /** In the order of the YAML. */
  readonly parameters: readonly ExplainedParameter[];
  /** Every pair of kinds that share a name. */
  readonly overlaps: readonly ExplainedOverlap[];
  /** Every pair of a kind and one of a catalogue beside this one that share a name; that one is named with its catalogue. */
  readonly overlapsBeside: readonly Overlap[];
  /** Pairs of kinds that share no name, with names that are one file where a file system ignores case. */
  readonly foldings: readonly Folding[];
}

/** What the values of a parameter are. */
interface ExplainedParameter {
  /** Its name. */
  readonly parameter: string;
  /** The regular expression that a whole value matches, as source text; `null` for any characters of a file name. */
  readonly pattern: string | null;
  /** The only values; `null` if the pattern says what they are. */
  readonly values: readonly string[] | null;
  /** The whole numbers that it takes; `null` if it takes texts. */
  readonly range: Range | null;
}

/** A kind as it was understood. */
export interface ExplainedKind {
  /** Name of the class. */
  readonly kind: string;
  /** The place among the kinds that are asked for a name, from 1; `null` for a kind that never is. */
  readonly order: number | null;
  /** The file name, as written in the YAML. */
  readonly template: string;
  /** Where the files are, and the environment variable that may say otherwise; `null` if the program says. */
  readonly directory: { readonly path: string; readonly env: string | null } | null;
  /** What the files get when they are created; `null` for mode 0600. */
  readonly rights: { readonly mode: string; readonly group: string | number | null } | null;
  /** The regular expression that names match, as source text; `null` if names are not read back. */
  readonly regex: string | null;
  /** Names of its parameters, in template order. */
  readonly parameters: readonly string[];
  /** Whether the constructor takes the values in one object, by name, or one by one. */
  readonly named: boolean;
  /** Whether acquire waits for a busy lock by default. */
  readonly wait: boolean;
  /** Whether a failed acquire throws by default, or gives `false`. */
  readonly raiseIfFail: boolean;
  /** Whether holders may share a lock, or each excludes all others. */
  readonly shared: boolean;
  /** What its holder writes into the file: its PID, or nothing. */
  readonly stamp: "pid" | "none";
  /** Why not to use the kind any more, in words; `null` if it is not deprecated. */
  readonly deprecated: string | null;
  /** The kind to use instead; `null` if the kind is not deprecated, or none is named. */
  readonly successor: string | null;
  /** Names of the kinds whose locks are taken after this one's, where a program holds both. */
  readonly before: readonly string[];
  /** Its rank in the order of locks, in which a lower one is taken first; `null` if the catalogue declares no order. */
  readonly rank: number | null;
  /** Two of its names that are one file where a file system ignores case; `null` if its examples show none. */
  readonly foldedNames: readonly [string, string] | null;
}

/** Names that two kinds accept, and how each takes the witness. */
export interface ExplainedOverlap extends Overlap {
  /** What the owner reads in the witness. */
  readonly ownerValues: Values;
  /** What the other kind would read in it. */
  readonly otherValues: Values;
}

/** A value for each parameter. */
export type Values = Readonly<Record<string, string>>;

/** What there is to say about a catalogue whose proof holds. */
export function explanationOf(spec: CatalogueSpec, proof: Proof): Explanation {
  const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
  const languages = languagesOf(spec);
  const read = (name: string, witness: string): Values =>
    valuesOf(defined(kinds.get(name)), witness, languages);
  const order = new Map(proof.readingOrder.map((name, index) => [name, index + 1]));
  const never = spec.kinds.map(({ name }) => name).filter((name) => !order.has(name));
  return {
    catalogue: spec.name,
    description: spec.description,
    kinds: [...proof.readingOrder, ...never.toSorted(byCodeUnit)]
      .map((name) => defined(kinds.get(name)))
      .map((kind) => ({
        kind: kind.name,
        order: order.get(kind.name) ?? null,
        template: kind.template,
        directory: kind.directory && { path: kind.directory.path, env: kind.directory.env },
        rights: kind.rights && { mode: modeOf(kind.rights.mode), group: kind.rights.group },
        regex: kind.readable ? nameRegex(kind, spec.parameters) : null,
        parameters: kind.parameters,
        named: kind.named,
        wait: kind.wait,
        raiseIfFail: kind.raiseIfFail,
        shared: kind.shared,
        stamp: kind.stamp,
        deprecated: deprecationText(kind),
        successor: kind.deprecated?.use ?? null,
        before: kind.before.map(({ name }) => name),
        rank: kind.rank,
        foldedNames: foldedNames(kind, spec, languages),
      })),
    parameters: Array.from(spec.parameters.values(), ({ name, pattern, values, range }) => ({
      parameter: name,
      pattern,
      values,
      range,
    })),
    overlaps: proof.overlaps.map((overlap) => ({
      ...overlap,
      ownerValues: read(overlap.owner, overlap.witness),
      otherValues: read(overlap.other, overlap.witness),
    })),
    overlapsBeside: proof.overlapsBeside,
    foldings: proof.foldings,
  };
}

function deprecationText({ deprecated }: Kind): string | null {
  if (deprecated === null) return null;
  const { since, use, note } = deprecated;
  return [
    ...(since === null ? [] : [`since ${since}.`]),
    ...(use === null ? [] : [`Use ${use}.`]),
    ...(note === null ? [] : [note]),
  ].join(" ");
}

function valuesOf(kind: Kind, name: string, languages: Languages): Values {
  const [reading = new Map()] = readings(kind, languages.of(kind), name);
  return Object.fromEntries(reading);
}
