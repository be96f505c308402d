import type { z } from "zod";
import { defined } from "../defined.js";
import type { Problem } from "../model.js";
import { quotingFault } from "./quoting.js";
import type { SpecText } from "./read-yaml.js";
import {
  ACCEPTANCE_KEYS,
  DEPRECATION_KEYS,
  DIRECTORY_KEYS,
  KIND_KEYS,
  PARAMETER_KEYS,
  SPEC_KEYS,
  type SpecValues,
  specSchema,
  TESTS_KEYS,
} from "./schema.js";
import { didYouMean } from "./suggest.js";
import { isMap } from "./untyped.js";

/**
 * The values of a spec as the schema types them; or what it says against them, in words for people who write
 * YAML.
 */
export function checkSchema(
  spec: SpecText,
):
  | { readonly values: SpecValues }
  | { readonly values: null; readonly problems: readonly Problem[] } {
  const { data, error } = specSchema.safeParse(spec.value);
  if (error === undefined) return { values: data };
  return { values: null, problems: error.issues.flatMap((issue) => problemsOf(issue, spec)) };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, spec: SpecText): readonly Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const { owner, keys } = keysAt(path);
    return issue.keys.map((key) => {
      const hint = didYouMean(key, new Set(keys)) || `; ${owner} has ${keys.join(", ")}`;
      return { place: spec.places.key([...path, key]), message: `unknown key "${key}"${hint}` };
    });
  }
  const value = valueAt(spec.value, path);
  if (issue.code === "invalid_union" && namesKinds(path)) {
    // A name or a list of names is asked for; a list is checked item by item.
    const issues = Array.isArray(value) ? defined(issue.errors.at(-1)) : [];
    if (issues.length > 0) return problemsWithin(issue, issues, spec);
  }
  if (issue.code === "invalid_union" && (path.at(-1) === "deprecated" || isDirectory(path))) {
    // A text or a map is asked for; a map is checked key by key.
    const issues = isMap(value) ? defined(issue.errors.at(-1)) : [];
    if (issues.length > 0) return problemsWithin(issue, issues, spec);
  }
  if (issue.code === "invalid_union" && typeof value === "string") {
    // A text or a number is asked for: what is wrong is wrong with the text.
    const [text = []] = issue.errors;
    return text.flatMap((inner) => problemsOf({ ...inner, path: issue.path }, spec));
  }
  const parameter = valueAt(spec.value, path.slice(0, -2));
  if (issue.code === "invalid_union" && Reflect.get(Object(parameter), "type") === "integer") {
    const said = describe(value, spec.places.textOf(path));
    const message = `${subjectOf(path)} has to be a whole number, not ${said}`;
    return [{ place: spec.places.value(path), message }];
  }
  if (value === undefined) {
    const owner = keysAt(path.slice(0, -1)).owner;
    const message = `${owner} needs the key "${path.at(-1)}"`;
    return [{ place: spec.places.key(path), message }];
  }
  return [{ place: spec.places.value(path), message: typeMessage(issue, path, value, spec) }];
}

/** What is said of the parts of a value. */
function problemsWithin(
  { path }: Issue,
  issues: readonly Issue[],
  spec: SpecText,
): readonly Problem[] {
  return issues.flatMap((inner) => problemsOf({ ...inner, path: [...path, ...inner.path] }, spec));
}

/** Whether a key takes the name of a kind, or a list of them. */
function namesKinds(path: readonly string[]): boolean {
  return ["precedes", "before", "lock"].includes(defined(path.at(-1)));
}

function typeMessage(
  issue: Issue,
  path: readonly string[],
  value: unknown,
  spec: SpecText,
): string {
  const subject = subjectOf(path);
  if (issue.code === "invalid_union" && isDirectory(path) && value !== null) {
    const said = describe(value, spec.places.textOf(path));
    return `${subject} has to be an absolute path, or a map with "default" and "env", not ${said}`;
  }
  if (issue.code === "invalid_union" && path.at(-1) === "group" && value !== null) {
    const said = describe(value, spec.places.textOf(path));
    return `${subject} has to be the name of a group, or its number, not ${said}`;
  }
  if (typeof value === "number" && (issue.code === "too_small" || issue.code === "too_big")) {
    return `${subject} has to be a safe integer, from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`;
  }
  if (issue.code === "too_small") return `${subject} cannot be empty`;
  const expected = issue.code === "invalid_type" ? issue.expected : "string";
  const text = spec.places.textOf(path);
  if (issue.code === "invalid_value" && issue.values.length > FEW && typeof value === "string") {
    const known = issue.values.map(String);
    const hint = didYouMean(value, new Set(known)) || `; there are ${known.join(", ")}`;
    return `there is no ${path.at(-1)} "${value}"${hint}`;
  }
  if (issue.code === "invalid_format") {
    return `${subject} has to be a day of the calendar, as in 2026-11-26, not ${describe(value, text)}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String).join(" or ");
    return `${subject} has to be ${values}, not ${value === null ? "null" : describe(value, text)}`;
  }
  if (value === null) {
    const nothing = text === "" || text === path.at(-1);
    return nothing
      ? `${subject} has no value`
      : `${subject} has to be ${expectation(expected)}, not null`;
  }
  switch (expected) {
    case "boolean":
      return `${subject} has to be true or false, not ${describe(value, text)}`;
    case "string":
      if (path.at(-1) === "deprecated" && typeof value === "object") {
        return `${subject} has to be a sentence, or a map of ${DEPRECATION_KEYS.join(", ")}, not ${describe(value, text)}`;
      }
      if (namesKinds(path)) {
        return `${subject} has to be a name or a list of names, not ${describe(value, text)}`;
      }
      if (typeof value === "number" || typeof value === "boolean") {
        return `${subject} has to be a string, and ${text} is a ${typeof value} in YAML: quote it, '${text}'`;
      }
      // In a map in braces: `A: {template: {x}}`.
      if (/^[[{].*[\]}]$/u.test(text)) {
        const fault = quotingFault(defined(path.at(-1)).replace(/^\d+$/u, "item"), text);
        if (fault !== null) return fault.message;
      }
      return `${subject} has to be a string, not ${describe(value, text)}`;
    default:
      return `${subject} has to be ${expectation(expected)}, not ${describe(value, text)}`;
  }
}

/** More values than that are told only if nothing is near to what was written. */
const FEW = 4;

function expectation(expected: string): string {
  return expected === "array"
    ? "a list"
    : expected === "boolean"
      ? "true or false"
      : expected === "int" || expected === "number"
        ? "a whole number"
        : expected === "string"
          ? "a string"
          : "a map";
}

function describe(value: unknown, text: string): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the string "${value}"`;
  if (typeof value === "object") return "a map";
  return `the ${typeof value} ${text}`;
}

function subjectOf(path: readonly string[]): string {
  const last = defined(path.at(-1));
  if (/^\d+$/u.test(last)) return `an item of "${path.at(-2)}"`;
  return `"${last}"`;
}

function keysAt(path: readonly string[]): { owner: string; keys: readonly string[] } {
  if (path.length === 0) return { owner: "a spec", keys: SPEC_KEYS };
  if (path[0] === "accept") return { owner: "an acceptance", keys: ACCEPTANCE_KEYS };
  if (path[2] === "deprecated") return { owner: '"deprecated"', keys: DEPRECATION_KEYS };
  if (path[0] === "tests") return { owner: "tests", keys: TESTS_KEYS };
  if (isDirectory(path)) return { owner: "a directory", keys: DIRECTORY_KEYS };
  return path[0] === "parameters"
    ? { owner: "a parameter", keys: PARAMETER_KEYS }
    : { owner: "a lock", keys: KIND_KEYS };
}

/** Whether the lock directory of the catalogue or of a kind is at a path, and not a kind of that name. */
function isDirectory(path: readonly string[]): boolean {
  return (
    path.at(-1) === "directory" && (path.length === 1 || (path.length === 3 && path[0] === "locks"))
  );
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), value);
}
