import path from "node:path";
import { shortestWord } from "../automata/pattern-words.js";
import { defined } from "../defined.js";
import type {
  CatalogueSpec,
  Deprecation,
  Kind,
  KindReference,
  Parameter,
  Problem,
  Rights,
  Tests,
} from "../model.js";
import { byCodeUnit, ranksOf } from "../order.js";
import { acceptanceProblems } from "./check-acceptances.js";
import { directoryProblems } from "./check-directories.js";
import { kindProblems, templatesOf } from "./check-kinds.js";
import { locationProblems } from "./check-locations.js";
import { parameterProblems, rangeOf } from "./check-parameters.js";
import { rightsProblems } from "./check-rights.js";
import { checkSchema } from "./check-schema.js";
import { integersIn } from "./integer-pattern.js";
import { anyOf } from "./pattern.js";
import type { SpecText } from "./read-yaml.js";
import type { DirectoryValue, SpecValues } from "./schema.js";
import type { ParsedTemplate } from "./template.js";

/** A spec that is valid key by key, or all that is wrong with it in the order of the text. */
export type Validated =
  | { readonly spec: CatalogueSpec; readonly problems: readonly [] }
  | { readonly spec: null; readonly problems: readonly Problem[] };

/** Checks everything about a spec that can be said without comparing the names its kinds accept. */
export function validate(text: SpecText): Validated {
  if (text.value === null) return { spec: null, problems: inOrder(text.problems) };
  const schema = checkSchema(text);
  const templates = templatesOf(text);
  const problems = [
    ...text.problems,
    ...(schema.values === null ? schema.problems : []),
    ...locationProblems(text),
    ...acceptanceProblems(text),
    ...directoryProblems(text),
    ...rightsProblems(text),
    ...parameterProblems(text),
    ...kindProblems(text, templates),
  ];
  if (schema.values === null || problems.length > 0) {
    return { spec: null, problems: inOrder(problems) };
  }
  return { spec: build(schema.values, templates, text), problems: [] };
}

/**
 * Problems in the order of the text, so that the first one printed is the first one met when
 * reading the spec.
 */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      a.place.start - b.place.start ||
      a.place.end - b.place.end ||
      byCodeUnit(a.message, b.message),
  );
}

function build(
  values: SpecValues,
  templates: ReadonlyMap<string, ParsedTemplate>,
  { source, places }: SpecText,
): CatalogueSpec {
  const parameters = new Map<string, Parameter>();
  for (const [name, parameter] of Object.entries(values.parameters)) {
    const path = ["parameters", name];
    const { description, values: listed } = parameter;
    const range = parameter.type === "integer" ? rangeOf(parameter) : null;
    const pattern =
      range !== null ? integersIn(range) : listed === undefined ? parameter.pattern : anyOf(listed);
    const said = ["pattern", "values", "type"].find((key) => places.has([...path, key]));
    parameters.set(name, {
      name,
      description: description ?? null,
      pattern: pattern ?? null,
      values: listed ?? null,
      range,
      patternPlace: said === undefined ? places.key(path) : places.value([...path, said]),
      examples: parameter.examples?.map(String) ?? listed ?? [drawExample(name, pattern)],
      place: places.key(path),
    });
  }
  const ranks = lockRanks(values.locks);
  const directoryAt = (value: DirectoryValue | undefined, at: readonly string[]) => {
    if (value === undefined) return null;
    const place = places.value(at);
    return typeof value === "string"
      ? { path: value, env: null, place }
      : { path: value.default, env: value.env, place };
  };
  const rightsOf = (name: string): Rights | null => {
    const lock = defined(values.locks[name]);
    const mode = lock.mode ?? values.mode;
    if (mode === undefined) return null;
    const group = lock.group ?? values.group ?? null;
    const path = ["locks", name];
    const placeOf = (key: "mode" | "group") =>
      places.value(lock[key] === undefined ? [key] : [...path, key]);
    return {
      mode: Number.parseInt(mode, 8),
      group,
      modePlace: placeOf("mode"),
      groupPlace: group === null ? placeOf("mode") : placeOf("group"),
    };
  };
  const general = directoryAt(values.directory, ["directory"]);
  const kinds = Object.entries(values.locks).map(([name, lock]): Kind => {
    const path = ["locks", name];
    const { tokens } = defined(templates.get(name));
    const references = (key: "precedes" | "before"): readonly KindReference[] =>
      listOf(lock[key]).map((other, index) => ({
        name: other,
        place: places.value([
          ...path,
          key,
          ...(typeof lock[key] === "string" ? [] : [String(index)]),
        ]),
      }));
    const used = tokens.flatMap((token) => ("parameter" in token ? [token.parameter] : []));
    return {
      name,
      template: lock.template,
      tokens,
      parameters: used,
      directory: directoryAt(lock.directory, [...path, "directory"]) ?? general,
      rights: rightsOf(name),
      // Without values, there is nothing to name.
      named: (lock.named ?? values.named) && used.length > 0,
      description: lock.description,
      wait: lock.wait,
      stamp: lock.stamp,
      shared: lock.shared,
      raiseIfFail: lock.raiseIfFail,
      readable: lock.readable,
      deprecated: lock.deprecated === undefined ? null : deprecationOf(lock.deprecated),
      precedes: references("precedes"),
      before: references("before"),
      rank: ranks?.get(name) ?? null,
      place: places.key(path),
      templatePlace: places.value([...path, "template"]),
      origin: null,
    };
  });
  return {
    source,
    name: values.catalogue,
    description: values.description ?? null,
    output: values.output,
    runtime: values.runtime,
    language: values.language,
    imports: values.imports,
    tests: testsOf(values),
    banner: values.banner ?? null,
    acceptances: (values.accept ?? []).map(({ lock, parameter = null, ...said }, index) => ({
      ...said,
      kinds: listOf(lock),
      parameter,
      place: places.value(["accept", String(index), "rule"]),
    })),
    beside: (values.beside ?? []).map((specifier, index) => ({
      specifier,
      place: places.value(["beside", String(index)]),
    })),
    parameters,
    kinds,
    namePlace: places.value(["catalogue"]),
    kindsPlace: places.key(["locks"]),
  };
}

function deprecationOf(said: NonNullable<SpecValues["locks"][string]["deprecated"]>): Deprecation {
  const {
    since = null,
    use = null,
    note = null,
  } = typeof said === "string" ? { note: said } : said;
  return { since, use, note };
}

/** The rank of each kind in the order of locks; `null` if no kind says that it comes before another. */
function lockRanks(locks: SpecValues["locks"]): ReadonlyMap<string, number> | null {
  const later = Object.entries(locks).map(([name, { before }]) => [name, listOf(before)] as const);
  return later.some(([, others]) => others.length > 0) ? ranksOf(new Map(later)) : null;
}

/** What takes one name or a list of them. */
function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return typeof names === "string" ? [names] : (names ?? []);
}

/** By default, the tests are beside what they test. */
function testsOf({ tests: { file, runner }, output, language, imports }: SpecValues): Tests | null {
  if (runner === "none") return null;
  const ending = language === "typescript" ? ".ts" : imports;
  return { file: path.posix.normalize(file ?? `${output}/round-trip.test${ending}`), runner };
}

/** The parameter's own name if any value will do, else a short word of its pattern. */
function drawExample(name: string, pattern: string | undefined): string {
  if (pattern === undefined) return name;
  // A pattern without a word is a problem, found before.
  return defined(shortestWord(pattern));
}
