/**
 * The types that travel from phase to phase: read → validate → prove → emit → print → write.
 * Nothing here runs; each phase is a function from one of these to the next.
 */

import type { Rule } from "./rules.js";

/** The text of a spec and the name it is reported under. */
export interface Source {
  /** The file name as the user gave it, or `-` for standard input. */
  readonly file: string;
  /** The YAML, as it is in the file. */
  readonly text: string;
}

/** A stretch of the spec, as offsets into {@link Source.text}; line and column are derived when printed. */
export interface Place {
  /** Offset of the first code unit. */
  readonly start: number;
  /** Offset after the last code unit. */
  readonly end: number;
}

/** Something the user must fix. A generator that found one writes nothing. */
export interface Problem {
  /** What the user must change. */
  readonly place: Place;
  /** What is wrong, in one sentence; further lines may say how to settle it. */
  readonly message: string;
  /** Other places that have a part in it: the second kind of an overlap, the first of two equal keys. */
  readonly related?: readonly Related[];
}

/** A place that has a part in a problem. */
interface Related {
  /** Where it is. */
  readonly place: Place;
  /** What it has to do with it. */
  readonly message: string;
  /** The spec that the place is in, if it is another one. */
  readonly source?: Source;
}

/** A part of a template: text that stands as it is, or a parameter that takes its place. */
export type Token = Literal | Placeholder;

/** Text of a template. */
interface Literal {
  /** The characters of the file name, with `{{` and `}}` undone. */
  readonly literal: string;
}

/** A parameter in a template. */
interface Placeholder {
  /** Name of the parameter. */
  readonly parameter: string;
}

/** A parameter of templates, declared once for the whole catalogue. */
export interface Parameter {
  /** Its key in the YAML, and the name of the property and of the regex group. */
  readonly name: string;
  /** What it is, which becomes the documentation of the property; `null` if the spec does not say. */
  readonly description: string | null;
  /**
   * Body of a `u`-mode regular expression that a whole value matches, of a list of values exactly these; `null` allows
   * any file-name character.
   */
  readonly pattern: string | null;
  /** The only values, in the order of the YAML; `null` if a pattern says what they are. */
  readonly values: readonly string[] | null;
  /** The only values, if they are whole numbers; `null` if they are texts. */
  readonly range: Range | null;
  /** Where the pattern is, or the values, or the type; the parameter's key if it has none of these. */
  readonly patternPlace: Place;
  /** At least one legal value: the spec's own, or one drawn from the pattern. */
  readonly examples: readonly string[];
  /** Where its key is. */
  readonly place: Place;
}

/** Whole numbers from one to another, both included. */
export interface Range {
  /** The smallest. */
  readonly min: number;
  /** The greatest. */
  readonly max: number;
}

/** Where the files of a kind are. */
export interface Directory {
  /** An absolute path, as short as it can be written. */
  readonly path: string;
  /** The environment variable that may name another directory; `null` if the files are always at the path. */
  readonly env: string | null;
  /** Where it is. */
  readonly place: Place;
}

/** What the files of a kind get when they are created. */
export interface Rights {
  /** Who may read and write them, as chmod(2) takes it. */
  readonly mode: number;
  /** Name or number of their group; `null` if the spec does not say. */
  readonly group: string | number | null;
  /** Where the mode is. */
  readonly modePlace: Place;
  /** Where the group is, or the mode if there is none. */
  readonly groupPlace: Place;
}

/** A lock kind: one template, and how its locks behave. */
export interface Kind {
  /** Name in the YAML, of the class, and of its file. */
  readonly name: string;
  /** The file name, as written in the YAML. */
  readonly template: string;
  /** The template in parts; neighbouring texts are one. */
  readonly tokens: readonly Token[];
  /** Parameter names in template order; each occurs once. */
  readonly parameters: readonly string[];
  /** Where its files are; `null` if the program says. */
  readonly directory: Directory | null;
  /** What its files get when they are created; `null` for mode 0600. */
  readonly rights: Rights | null;
  /** What it protects: the documentation of the class. */
  readonly description: string;
  /** Whether acquire waits for a busy lock by default. */
  readonly wait: boolean;
  /** Whether a failed acquire throws by default, or gives `false`. */
  readonly raiseIfFail: boolean;
  /** What its holder writes into the file. */
  readonly stamp: "pid" | "none";
  /** Whether holders may share a lock, or each excludes all others. */
  readonly shared: boolean;
  /** Whether the constructor takes the values in one object, by name, or one by one. */
  readonly named: boolean;
  /** False: names of this kind cannot be read back, and `LOCK_PATTERN` is `null`. */
  readonly readable: boolean;
  /** Why not to use the kind any more; `null` if it is not deprecated. */
  readonly deprecated: Deprecation | null;
  /** Kinds that this one is read before if names overlap, as the author settled it. */
  readonly precedes: readonly KindReference[];
  /** Kinds whose locks are taken after this one's, where a program holds both. */
  readonly before: readonly KindReference[];
  /**
   * How many kinds stand before it in the longest chain of `before` that leads to it: locks are taken in the order of
   * their ranks. `null` if the catalogue declares no order.
   */
  readonly rank: number | null;
  /** Where its key is. */
  readonly place: Place;
  /** Where its template is. */
  readonly templatePlace: Place;
  /** Where it is declared, of a kind of a catalogue beside this one; `null` for a kind of the spec itself. */
  readonly origin: Origin | null;
}

/** Where a kind of another catalogue is declared. */
interface Origin {
  /** The other spec. */
  readonly source: Source;
  /** Where its template is, in that spec. */
  readonly templatePlace: Place;
}

/** Another catalogue whose locks are in the same directory. */
interface Beside {
  /** The path of its spec, relative to this one, or a package that has one. */
  readonly specifier: string;
  /** Where the spec names it. */
  readonly place: Place;
}

/** Another catalogue, and where the spec names it. */
export interface Neighbour {
  /** Its spec. */
  readonly spec: CatalogueSpec;
  /** Where the spec names it. */
  readonly place: Place;
}

/** Why not to use a kind any more, and what instead: at least one of the three. */
export interface Deprecation {
  /** Since which version; `null` if the spec does not say. */
  readonly since: string | null;
  /** The kind to use instead, which is not deprecated itself; `null` if the spec names none. */
  readonly use: string | null;
  /** What else the spec says, in a sentence; `null` for nothing. */
  readonly note: string | null;
}

/** Another kind that `precedes` or `before` names. */
export interface KindReference {
  /** Name of the kind that comes later. */
  readonly name: string;
  /** Where the entry is. */
  readonly place: Place;
}

/** Findings of `breaking` that are known to break nothing. */
export interface Acceptance {
  /** Their rule. */
  readonly rule: Rule;
  /** The kinds that they are about, by their new names; a kind that is gone by its old one. */
  readonly kinds: readonly string[];
  /** The parameter that they are about; `null` for any. */
  readonly parameter: string | null;
  /** Why they break nothing. */
  readonly reason: string;
  /** The day on which that was said: `2026-11-26`. */
  readonly date: string;
  /** Where its rule is. */
  readonly place: Place;
}

/** What generated files are written in: TypeScript, or JavaScript with its declarations. */
export type Language = "typescript" | "javascript";

/** How an import of a generated module ends. */
type Ending = ".js" | ".ts" | ".mjs";

/** Where the generated tests go, and what runs them. */
export interface Tests {
  /** Their file, relative to the spec. */
  readonly file: string;
  /** What runs them. */
  readonly runner: "vitest" | "jest" | "node";
}

/** A spec that is valid key by key; what holds between its kinds is for the proofs. */
export interface CatalogueSpec {
  /** What it was read from. */
  readonly source: Source;
  /** Name of the catalogue object in the generated index. */
  readonly name: string;
  /** What the locks are of: the documentation of the catalogue object; `null` if the spec does not say. */
  readonly description: string | null;
  /** Output directory, relative to the spec. */
  readonly output: string;
  /** Comments of the user's own above the header of generated TypeScript files; `null` if there are none. */
  readonly banner: string | null;
  /** Module that the generated files import, as written in them. */
  readonly runtime: string;
  /** Findings of `breaking` that are known to break nothing. */
  readonly acceptances: readonly Acceptance[];
  /** What the generated files are written in. */
  readonly language: Language;
  /** How relative imports of the generated files end. */
  readonly imports: Ending;
  /** The generated tests; `null` if there are none. */
  readonly tests: Tests | null;
  /** Catalogues whose locks are in the same directory. */
  readonly beside: readonly Beside[];
  /** By name, in the order of the YAML. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** In the order of the YAML. */
  readonly kinds: readonly Kind[];
  /** Where the name is. */
  readonly namePlace: Place;
  /** Where the key `locks` is. */
  readonly kindsPlace: Place;
}

/** Two kinds that both accept a name, and why one of them owns it. */
export interface Overlap {
  /** The kind that `identify` answers with for a common name. */
  readonly owner: string;
  /** The kind that accepts the name too, and is asked later. */
  readonly other: string;
  /** Every name of the owner is one of the other's, or the author settled it with `precedes`. */
  readonly reason: "contained" | "precedes";
  /** A name that both accept, as readable as can be. */
  readonly witness: string;
}

/** Two kinds that share no name, with names that are one file on a file system that ignores case. */
export interface Folding {
  /** The one that comes first in the YAML. */
  readonly first: string;
  /** The other. */
  readonly second: string;
  /** A name of each that are one file there. */
  readonly names: readonly [string, string];
}

/** What the proofs say of a catalogue. */
export interface Proof {
  /** What is wrong with it: names with two readings or two owners, slow patterns. */
  readonly problems: readonly Problem[];
  /** Names of the readable kinds, most specific first: the order in which `identify` asks them. */
  readonly readingOrder: readonly string[];
  /** Every pair of readable kinds that share a name. */
  readonly overlaps: readonly Overlap[];
  /** Every pair of a kind and one of a catalogue beside this one that share a name; that one is named with its catalogue. */
  readonly overlapsBeside: readonly Overlap[];
  /** Pairs of kinds that exclude each other only where names are folded; empty while there are problems. */
  readonly foldings: readonly Folding[];
}
