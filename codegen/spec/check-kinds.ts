import type { Problem } from "../model.js";
import { kindNameFault } from "./check-names.js";
import { descriptionProblems } from "./check-parameters.js";
import { precedenceProblems } from "./check-precedence.js";
import type { SpecText } from "./read-yaml.js";
import { parseTemplate } from "./template.js";
import { isMapAt, keysAt, stringAt } from "./untyped.js";

/** What is wrong with the lock kinds, short of comparing the names they accept. */
export function kindProblems(spec: SpecText): readonly Problem[] {
  const kinds = keysAt(spec, ["locks"]);
  const declared = new Set(keysAt(spec, ["parameters"]));
  const problems: Problem[] = [];
  if (kinds.length === 0 && isMapAt(spec, ["locks"])) {
    problems.push({
      place: spec.places.key(["locks"]),
      message: "a catalogue needs at least one lock",
    });
  }
  const used = new Set<string>();
  let allRead = true;
  for (const kind of kinds) {
    const path = ["locks", kind];
    problems.push(
      ...descriptionProblems(spec, [...path, "description"]),
      ...descriptionProblems(spec, [...path, "deprecated"]),
    );
    const at = [...path, "template"];
    const template = stringAt(spec, at);
    if (template === null || template === "") {
      allRead = false;
      continue;
    }
    const { tokens, faults } = parseTemplate(template, declared);
    for (const token of tokens) if ("parameter" in token) used.add(token.parameter);
    for (const { from, to, message } of faults) {
      problems.push({ place: spec.places.within(at, template, from, to), message });
    }
  }
  for (const parameter of declared) {
    // A template that is not there yet, or is misread, may be the one that uses it.
    if (!allRead || used.has(parameter)) continue;
    const message = `no template uses the parameter "${parameter}": remove it or use it`;
    problems.push({ place: spec.places.key(["parameters", parameter]), message });
  }
  return [...problems, ...nameProblems(spec, kinds), ...precedenceProblems(spec, kinds)];
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
