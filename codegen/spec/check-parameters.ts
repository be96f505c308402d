import { NAME_MAX } from "../../src/name.js";
import { inQuotes, wholeNumber } from "../../src/text.js";
import { isWord } from "../automata/pattern-words.js";
import type { Problem, Range } from "../model.js";
import { proseFault } from "./check-locations.js";
import { parameterNameFault } from "./check-names.js";
import { faultInName } from "./legal-text.js";
import { type PatternFault, patternFaults } from "./pattern.js";
import type { SpecText } from "./read-yaml.js";
import { integerAt, keysAt, numbersAt, stringAt, stringsAt } from "./untyped.js";

/** What is wrong with the parameters, each by itself. */
export function parameterProblems(spec: SpecText): readonly Problem[] {
  const kinds = new Set(keysAt(spec, ["locks"]));
  return keysAt(spec, ["parameters"]).flatMap((name) => {
    if (stringAt(spec, ["parameters", name, "type"]) === "integer") {
      return [
        ...nameProblems(spec, name, kinds),
        ...descriptionProblems(spec, ["parameters", name, "description"]),
        ...integerProblems(spec, name),
      ];
    }
    const pattern = stringAt(spec, ["parameters", name, "pattern"]);
    // An empty string is said by the schema.
    const faults = pattern === null || pattern === "" ? [] : patternFaults(pattern);
    return [
      ...nameProblems(spec, name, kinds),
      ...descriptionProblems(spec, ["parameters", name, "description"]),
      ...patternProblems(spec, name, faults),
      ...valuesProblems(spec, name),
      ...boundProblems(spec, name),
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
  const numbers = numbersAt(spec, ["parameters", name, "examples"]).map(({ path }) => {
    const text = spec.places.textOf(path);
    const message = `an item of "examples" has to be a string, and ${text} is a number in YAML: quote it, '${text}'`;
    return { place: spec.places.value(path), message };
  });
  const values = stringsAt(spec, ["parameters", name, "values"]).map(({ text }) => text);
  const texts = textProblems(spec, ["parameters", name, "examples"], "example", (example) => {
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
  return [...numbers, ...texts];
}

/** The whole numbers that a parameter of type integer takes. */
export function rangeOf({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
}: {
  readonly min?: number | null | undefined;
  readonly max?: number | null | undefined;
}): Range {
  return { min: min ?? Number.MIN_SAFE_INTEGER, max: max ?? Number.MAX_SAFE_INTEGER };
}

/** What is wrong with a parameter of type integer; that its bounds are whole numbers is said by the schema. */
function integerProblems(spec: SpecText, name: string): readonly Problem[] {
  const path = ["parameters", name];
  const problems: Problem[] = ["pattern", "values"]
    .filter((key) => spec.places.has([...path, key]))
    .map((key) => ({
      place: spec.places.key([...path, key]),
      message: `the parameter "${name}" has the type integer and ${key === "pattern" ? "a pattern" : "values"}: remove one of them`,
    }));
  const range = rangeOf({
    min: integerAt(spec, [...path, "min"]),
    max: integerAt(spec, [...path, "max"]),
  });
  if (range.min > range.max) {
    const message = `no number is from ${range.min} to ${range.max}: "min" is greater than "max"`;
    return [...problems, { place: spec.places.value([...path, "min"]), message }];
  }
  const at = [...path, "examples"];
  const texts = stringsAt(spec, at).filter(({ text }) => text !== "");
  for (const { text, path: item } of texts) {
    const message = `an example of an integer is a number, and ${inQuotes(text)} is a string: write it without quotes`;
    problems.push({ place: spec.places.value(item), message });
  }
  const seen = new Set<number>();
  for (const { number, path: item } of numbersAt(spec, at)) {
    const message = seen.has(number)
      ? `the example ${number} occurs twice: remove one`
      : `the example ${number} is not ${wholeNumber(range)}`;
    if (seen.has(number) || number < range.min || number > range.max)
      problems.push({ place: spec.places.value(item), message });
    seen.add(number);
  }
  return problems;
}

/** Bounds of what is no integer. */
function boundProblems(spec: SpecText, name: string): readonly Problem[] {
  return ["min", "max"].flatMap((key) => {
    const path = ["parameters", name, key];
    if (!spec.places.has(path)) return [];
    const message = `"${key}" is for numbers: add "type: integer" to the parameter "${name}", or remove it`;
    return [{ place: spec.places.key(path), message }];
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
