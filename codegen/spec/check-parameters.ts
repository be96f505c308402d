import { NAME_MAX } from "../../src/name.js";
import { isWord } from "../automata/pattern-words.js";
import type { Problem } from "../model.js";
import { proseFault } from "./check-locations.js";
import { parameterNameFault } from "./check-names.js";
import { faultInName } from "./legal-text.js";
import { type PatternFault, patternFaults } from "./pattern.js";
import type { SpecText } from "./read-yaml.js";
import { keysAt, stringAt, stringsAt } from "./untyped.js";

/** What is wrong with the parameters, each by itself. */
export function parameterProblems(spec: SpecText): readonly Problem[] {
  const kinds = new Set(keysAt(spec, ["locks"]));
  return keysAt(spec, ["parameters"]).flatMap((name) => {
    const pattern = stringAt(spec, ["parameters", name, "pattern"]);
    // An empty string is said by the schema.
    const faults = pattern === null || pattern === "" ? [] : patternFaults(pattern);
    return [
      ...nameProblems(spec, name, kinds),
      ...descriptionProblems(spec, ["parameters", name, "description"]),
      ...patternProblems(spec, name, faults),
      ...exampleProblems(spec, name, pattern === "" || faults.length > 0 ? null : pattern),
    ];
  });
}

/** What is wrong with the prose at `path`. */
export function descriptionProblems(spec: SpecText, path: readonly string[]): readonly Problem[] {
  const text = stringAt(spec, path);
  const message = text === null || text === "" ? null : proseFault(text);
  return message === null ? [] : [{ place: spec.places.value(path), message }];
}

function nameProblems(
  spec: SpecText,
  name: string,
  kinds: ReadonlySet<string>,
): readonly Problem[] {
  // Inside the constructor of that kind, the parameter would hide the class.
  const fault =
    parameterNameFault(name) ??
    (kinds.has(name) ? "is the name of a lock too: choose another name" : null);
  if (fault === null) return [];
  return [
    {
      place: spec.places.key(["parameters", name]),
      message: `the parameter name "${name}" ${fault}`,
    },
  ];
}

function patternProblems(
  spec: SpecText,
  name: string,
  faults: readonly PatternFault[],
): readonly Problem[] {
  const path = ["parameters", name, "pattern"];
  const pattern = stringAt(spec, path) ?? "";
  return faults.map(({ from, to, message }) => ({
    place: spec.places.within(path, pattern, from, to),
    message,
  }));
}

/** `pattern` is `null` if there is none that an example could be checked against. */
function exampleProblems(spec: SpecText, name: string, pattern: string | null): readonly Problem[] {
  const seen = new Set<string>();
  return stringsAt(spec, ["parameters", name, "examples"]).flatMap(({ text, path }) => {
    const repeated = seen.has(text);
    seen.add(text);
    const message = repeated
      ? `the example "${text}" occurs twice: remove one`
      : exampleFault(text, pattern);
    return message === null ? [] : [{ place: spec.places.value(path), message }];
  });
}

function exampleFault(example: string, pattern: string | null): string | null {
  // An empty string is said by the schema.
  if (example === "") return null;
  const illegal = faultInName(example);
  if (illegal !== null) return `an example cannot hold ${illegal.what}`;
  if (example.includes("/")) return 'an example is a part of a file name and cannot hold "/"';
  if (Buffer.byteLength(example) > NAME_MAX) {
    return `an example has at most ${NAME_MAX} bytes, as a file name`;
  }
  if (pattern !== null && !isWord(pattern, example)) {
    return `the example "${example}" does not match the pattern ${pattern}`;
  }
  return null;
}
