import { ANY_VALUE } from "../../src/name.js";
import type { Language, Languages } from "../automata/languages.js";
import { nameOutside } from "../automata/overlap.js";
import { accepts, type Reading, readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Proof } from "../model.js";
import { mayMeet } from "../prove/candidates.js";
import { spoken } from "../prove/messages.js";
import { exampleNames } from "../prove/witness.js";
import { compile } from "../spec/pattern.js";

/** A program that was built with a catalogue: what it does with a file name. */
export class Program {
  readonly spec: CatalogueSpec;
  readonly proof: Proof;
  readonly #languages: Languages;
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #inOrder: readonly Kind[];
  readonly #owners = new Map<string, Kind[]>();
  readonly #legal: ReadonlyMap<string, RegExp>;

  /** `languages` are those of both programs, so that their names can be compared. */
  constructor(spec: CatalogueSpec, proof: Proof, languages: Languages) {
    this.spec = spec;
    this.proof = proof;
    this.#languages = languages;
    this.#kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
    this.#inOrder = proof.readingOrder.map((name) => defined(this.#kinds.get(name)));
    for (const { owner, other } of proof.overlaps) {
      const kind = defined(this.#kinds.get(owner));
      const known = this.#owners.get(other);
      if (known === undefined) this.#owners.set(other, [kind]);
      else known.push(kind);
    }
    // The patterns of a proven catalogue are fast on every text.
    this.#legal = new Map(
      Array.from(spec.parameters, ([name, { pattern }]) => [name, compile(pattern ?? ANY_VALUE)]),
    );
  }

  /** The names of a kind, whoever owns them. */
  language(kind: Kind): Language {
    return this.#languages.of(kind);
  }

  /** The languages of the kinds that own names of this one. */
  owners(kind: Kind): readonly Language[] {
    return (this.#owners.get(kind.name) ?? []).map((owner) => this.language(owner));
  }

  /** The kind that owns a name of a file beside those of another kind; `null` if no kind reads it. */
  identify(name: string, beside: Kind): Kind | null {
    return this.#inOrder.find((kind) => mayMeet(kind, beside) && this.accepts(kind, name)) ?? null;
  }

  /** Whether a name is one of a kind's, whoever owns it. */
  accepts(kind: Kind, name: string): boolean {
    const [first] = kind.tokens;
    const last = kind.tokens.at(-1);
    // What stands at the ends rules most kinds out, without an automaton.
    if (first !== undefined && "literal" in first && !name.startsWith(first.literal)) return false;
    if (last !== undefined && "literal" in last && !name.endsWith(last.literal)) return false;
    return accepts(this.language(kind), name);
  }

  /** Whether a parameter takes a value. */
  takes(parameter: string, value: string): boolean {
    return !value.includes("/") && this.#legal.get(parameter)?.test(value) === true;
  }

  /** The values in a name of a kind. */
  valuesOf(kind: Kind, name: string): Reading {
    const [reading = new Map()] = readings(kind, this.language(kind), name);
    return reading;
  }

  /** What the program does with a name of a file beside those of a kind, as the end of a sentence. */
  treatment(name: string, beside: Kind): string {
    const reader = this.identify(name, beside);
    if (reader !== null) return `reads it as ${this.#spoken(reader, name)}`;
    const maker = this.spec.kinds.find(
      (kind) => !kind.readable && mayMeet(kind, beside) && this.accepts(kind, name),
    );
    if (maker === undefined) return "knows no lock of this name";
    return `makes it as ${this.#spoken(maker, name)}, and never reads it back`;
  }

  /** A name of a kind, if possible one that it owns and a person knows. */
  nameOf(kind: Kind): string {
    const examples = exampleNames(kind, this.spec, this.#languages);
    const owned = examples.find((name) => !kind.readable || this.identify(name, kind) === kind);
    const language = this.language(kind);
    return defined(
      owned ?? nameOutside(language, ...this.owners(kind)) ?? examples[0] ?? nameOutside(language),
    );
  }

  #spoken(kind: Kind, name: string): string {
    const values = spoken(this.valuesOf(kind, name));
    return values === "" ? kind.name : `${kind.name} with ${values}`;
  }
}
