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
      ...valuesProblems(spec, name),
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

/** What is wrong with the list of the only values; that it is a list of strings is said by the schema. */
function valuesProblems(spec: SpecText, name: string): readonly Problem[] {
  const at = ["parameters", name, "values"];
  const problems = textProblems(spec, at, "value", (value) => textFault("value", value));
  if (!spec.places.has(at) || !spec.places.has(["parameters", name, "pattern"])) return problems;
  const message = `the parameter "${name}" has values and a pattern: remove one of them`;
  return [...problems, { place: spec.places.key(at), message }];
}

/** `pattern` is `null` if there is none that an example could be checked against. */
function exampleProblems(spec: SpecText, name: string, pattern: string | null): readonly Problem[] {
  const values = stringsAt(spec, ["parameters", name, "values"]).map(({ text }) => text);
  return textProblems(spec, ["parameters", name, "examples"], "example", (example) => {
    const fault = textFault("example", example);
    if (fault !== null) return fault;
    if (values.length > 0) {
      if (values.includes(example)) return null;
      return `the example "${example}" is none of the values: ${values.join(", ")}`;
    }
    if (pattern !== null && !isWord(pattern, example)) {
      return `the example "${example}" does not match the pattern ${pattern}`;
    }
    return null;
  });
}

/** What is wrong with the items of a list of values, each of which stands there once. */
function textProblems(
  spec: SpecText,
  at: readonly string[],
  noun: string,
  faultIn: (text: string) => string | null,
): readonly Problem[] {
  const seen = new Set<string>();
  return stringsAt(spec, at).flatMap(({ text, path }) => {
    const repeated = seen.has(text);
    seen.add(text);
    // An empty string is said by the schema.
    if (text === "") return [];
    const message = repeated ? `the ${noun} "${text}" occurs twice: remove one` : faultIn(text);
    return message === null ? [] : [{ place: spec.places.value(path), message }];
  });
}

/** What keeps a text from being a part of a file name. */
function textFault(noun: "value" | "example", text: string): string | null {
  const subject = `${noun === "value" ? "a" : "an"} ${noun}`;
  const illegal = faultInName(text);
  if (illegal !== null) return `${subject} cannot hold ${illegal.what}`;
  if (text.includes("/")) return `${subject} is a part of a file name and cannot hold "/"`;
  if (Buffer.byteLength(text) <= NAME_MAX) return null;
  return `${subject} has at most ${NAME_MAX} bytes, as a file name`;
}
