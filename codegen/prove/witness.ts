import { NAME_MAX } from "../../src/name.js";
import type { Languages } from "../automata/languages.js";
import { accepts, type Reading, readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";

/**
 * The names that a kind gives the examples of the spec, at most a few dozen. A person knows these names, so
 * that they make the best witnesses.
 */
export function exampleNames(kind: Kind, spec: CatalogueSpec, languages: Languages): string[] {
  let names = [""];
  for (const token of kind.tokens) {
    const texts =
      "literal" in token ? [token.literal] : defined(spec.parameters.get(token.parameter)).examples;
    names = names.flatMap((name) => texts.map((text) => name + text)).slice(0, MOST_NAMES);
  }
  const language = languages.of(kind);
  // The examples have been checked by the reader; a name that is too long after all is no name.
  return names.filter((name) => Buffer.byteLength(name) <= NAME_MAX && accepts(language, name));
}

/**
 * Replaces the values of a shortest witness by examples of the spec, one by one, as long as `holds` says that
 * it is still a witness.
 */
export function furnished(
  name: string,
  kind: Kind,
  spec: CatalogueSpec,
  languages: Languages,
  holds: (name: string) => boolean,
): string {
  const [reading] = readings(kind, languages.of(kind), name);
  const values = new Map(defined(reading));
  let best = name;
  for (const parameter of kind.parameters) {
    for (const example of defined(spec.parameters.get(parameter)).examples) {
      const candidate = spelled(kind, new Map(values).set(parameter, example));
      if (Buffer.byteLength(candidate) > NAME_MAX || !holds(candidate)) continue;
      values.set(parameter, example);
      best = candidate;
      break;
    }
  }
  return best;
}

/** The name that a kind gives to values. */
export function spelled(kind: Kind, values: Reading): string {
  return kind.tokens
    .map((token) => ("literal" in token ? token.literal : (values.get(token.parameter) ?? "")))
    .join("");
}

const MOST_NAMES = 32;
