/**
 * The types that travel from phase to phase: read → validate → prove → emit → print → write.
 * Nothing here runs; each phase is a function from one of these to the next.
 */

/** The text of a spec and the name it is reported under. */
export interface Source {
  /** The file name as the user gave it, or `-` for standard input. */
  readonly file: string;
  readonly text: string;
}

/** A stretch of the spec, as offsets into {@link Source.text}; line and column are derived when printed. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Something the user must mend. A generator that found one writes nothing. */
export interface Problem {
  readonly place: Place;
  /** What is wrong, in one sentence; further lines may say how to settle it. */
  readonly message: string;
  /** Other places that have a part in it: the second kind of an overlap, the first of two equal keys. */
  readonly related?: readonly { readonly place: Place; readonly message: string }[];
}

/** A part of a template: text that stands as it is, or a parameter that takes its place. */
export type Token = { readonly literal: string } | { readonly parameter: string };

export interface Parameter {
  readonly name: string;
  readonly description: string | null;
  /** Body of a `u`-mode regular expression that a whole value matches; `null` allows any file-name character. */
  readonly pattern: string | null;
  /** Where the pattern stands; the parameter's key where it has none. */
  readonly patternPlace: Place;
  /** At least one legal value: the spec's own, or one drawn from the pattern. */
  readonly examples: readonly string[];
  readonly place: Place;
}

export interface Kind {
  /** Name in the YAML, of the class, and of its file. */
  readonly name: string;
  readonly template: string;
  readonly tokens: readonly Token[];
  /** Parameter names in template order; each occurs once. */
  readonly parameters: readonly string[];
  readonly description: string;
  readonly wait: boolean;
  readonly raiseIfFail: boolean;
  /** False: names of this kind cannot be read back, and `LOCK_PATTERN` is `null`. */
  readonly readable: boolean;
  readonly deprecated: string | null;
  /** Kinds that this one is read before where names overlap, settled by the author. */
  readonly precedes: readonly { readonly name: string; readonly place: Place }[];
  readonly place: Place;
  readonly templatePlace: Place;
}

/** A spec that is valid key by key; what holds between its kinds is for the proofs. */
export interface CatalogueSpec {
  readonly source: Source;
  /** Name of the catalogue object in the generated index. */
  readonly name: string;
  readonly description: string | null;
  /** Output directory, relative to the spec. */
  readonly output: string;
  /** Module that the generated files import, as written in them. */
  readonly runtime: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** In the order of the YAML. */
  readonly kinds: readonly Kind[];
  /** Where the name stands, and the key of the kinds. */
  readonly namePlace: Place;
  readonly kindsPlace: Place;
}

/** Two kinds that both accept a name, and why one of them owns it. */
export interface Overlap {
  /** The kind that `identify` answers with for a common name. */
  readonly owner: string;
  readonly other: string;
  readonly reason: "contained" | "precedes";
  /** A name that both accept, as readable as can be. */
  readonly witness: string;
}

/** What the proofs say of a catalogue. */
export interface Proof {
  readonly problems: readonly Problem[];
  /** Names of the readable kinds, most specific first: the order in which `identify` asks them. */
  readonly readingOrder: readonly string[];
  readonly overlaps: readonly Overlap[];
}
