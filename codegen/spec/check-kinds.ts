import { defined } from "../defined.js";
import type { Problem } from "../model.js";
import { deprecationProblems } from "./check-deprecation.js";
import { kindNameFault } from "./check-names.js";
import { descriptionProblems } from "./check-parameters.js";
import { referenceProblems } from "./check-references.js";
import type { SpecText } from "./read-yaml.js";
import { type ParsedTemplate, parseTemplate } from "./template.js";
import { isMapAt, keysAt, stringAt } from "./untyped.js";

/** The templates of a spec in parts, by kind; kinds without one are left out. */
export function templatesOf(spec: SpecText): ReadonlyMap<string, ParsedTemplate> {
  const declared = new Set(keysAt(spec, ["parameters"]));
  const templates = new Map<string, ParsedTemplate>();
  for (const kind of keysAt(spec, ["locks"])) {
    const template = stringAt(spec, ["locks", kind, "template"]) ?? "";
    if (template !== "") templates.set(kind, parseTemplate(template, declared));
  }
  return templates;
}

/** What is wrong with the lock kinds, short of comparing the names they accept. */
export function kindProblems(
  spec: SpecText,
  templates: ReadonlyMap<string, ParsedTemplate>,
): readonly Problem[] {
  const kinds = keysAt(spec, ["locks"]);
  const problems: Problem[] = [];
  if (kinds.length === 0 && isMapAt(spec, ["locks"])) {
    problems.push({
      place: spec.places.key(["locks"]),
      message: "a catalogue needs at least one lock",
    });
  }
  const used = new Set<string>();
  for (const kind of kinds) {
    const path = ["locks", kind];
    problems.push(
      ...descriptionProblems(spec, [...path, "description"]),
      ...deprecationProblems(spec, kind, kinds),
    );
    const at = [...path, "template"];
    const { tokens = [], faults = [] } = templates.get(kind) ?? {};
    for (const token of tokens) if ("parameter" in token) used.add(token.parameter);
    for (const { from, to, message } of faults) {
      problems.push({
        place: spec.places.within(at, defined(stringAt(spec, at)), from, to),
        message,
      });
    }
  }
  for (const parameter of keysAt(spec, ["parameters"])) {
    // A template that is not there yet, or is misread, may be the one that uses it.
    if (templates.size < kinds.length || used.has(parameter)) continue;
    const message = `no template uses the parameter "${parameter}": remove it or use it`;
    problems.push({ place: spec.places.key(["parameters", parameter]), message });
  }
  return [...problems, ...nameProblems(spec, kinds), ...referenceProblems(spec, kinds)];
}

function nameProblems(spec: SpecText, kinds: readonly string[]): readonly Problem[] {
  const catalogue = stringAt(spec, ["catalogue"]) ?? "";
  const byLowerCase = new Map<string, string>();
  return kinds.flatMap((kind): readonly Problem[] => {
    const place = spec.places.key(["locks", kind]);
    const fault = kindNameFault(kind, catalogue);
    if (fault !== null) return [{ place, message: `the lock name "${kind}" ${fault}` }];
    const lowerCase = kind.toLowerCase();
    const first = byLowerCase.get(lowerCase);
    if (first === undefined) {
      byLowerCase.set(lowerCase, kind);
      return [];
    }
    const message = `the lock names "${kind}" and "${first}" differ only in case, and so would their files: rename one`;
    const related = [{ place: spec.places.key(["locks", first]), message: `"${first}" is here` }];
    return [{ place, message, related }];
  });
}
