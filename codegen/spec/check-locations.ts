import path from "node:path";
import type { Problem } from "../model.js";
import { catalogueNameFault } from "./check-names.js";
import { faultInComment, faultInName, faultInProse } from "./legal-text.js";
import type { SpecText } from "./read-yaml.js";
import { stringAt } from "./untyped.js";

/**
 * What is wrong with the top of a spec: its name, its description, where it writes and what it
 * imports.
 */
export function locationProblems(spec: SpecText): readonly Problem[] {
  const problems: Problem[] = [];
  const check = (key: string, fault: (value: string) => string | null) => {
    const value = stringAt(spec, [key]);
    const message = value === null || value === "" ? null : fault(value);
    if (message !== null) problems.push({ place: spec.places.value([key]), message });
  };
  check("catalogue", (name) => {
    const fault = catalogueNameFault(name);
    return fault === null ? null : `the catalogue name "${name}" ${fault}`;
  });
  check("description", proseFault);
  check("output", outputFault);
  check("runtime", runtimeFault);
  check("banner", bannerFault);
  return problems;
}

/** What is wrong with a description, which may run over lines. */
export function proseFault(text: string): string | null {
  if (text.trim() === "") return "a description needs some text";
  const fault = faultInProse(text);
  return fault === null ? null : `a description cannot hold ${fault.what}`;
}

/**
 * The output may be wiped and filled by a machine, so it is a directory of its own below the spec.
 */
function outputFault(output: string): string | null {
  const fault = faultInName(output);
  if (fault !== null) return `"output" cannot hold ${fault.what}`;
  if (path.posix.isAbsolute(output)) return '"output" has to be relative to the spec';
  if (output.includes("\\")) return '"output" is written with "/" between directories';
  const normal = path.posix.normalize(output).replace(/\/$/u, "");
  if (normal === ".")
    return '"output" cannot be the directory of the spec itself: name one inside it';
  if (normal === ".." || normal.startsWith("../")) {
    return '"output" has to stay inside the directory of the spec';
  }
  return null;
}

const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/[\w.~-]+)*$/u;
const RELATIVE = /^\.\.?\/(?:[\w.@~ -]+\/)*[\w.@~ -]+\.[cm]?js$/u;

/**
 * The specifier is written into the generated code, and the helper of the generated tests is
 * beside it.
 */
function runtimeFault(runtime: string): string | null {
  if (PACKAGE.test(runtime) || RELATIVE.test(runtime)) return null;
  return '"runtime" has to be the name of a package or a relative path to a ".js" file, as an import has it';
}

const COMMENTS = /^(?:\s|\/\/[^\n\r]*(?:[\n\r]|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+$/u;

/** Code in a banner would run with every generated file, and a second header would hide ours. */
function bannerFault(banner: string): string | null {
  if (banner.trim() === "") return "a banner needs some text";
  const fault = faultInComment(banner);
  if (fault !== null) return `a banner cannot hold ${fault.what}`;
  if (!COMMENTS.test(banner)) {
    return 'a banner has to consist of comments: begin each line with "//", or put it between "/*" and "*/"';
  }
  if (banner.includes("by `lock-catalogue generate`")) {
    return "a banner cannot hold the header of a generated file: the generator writes its own below it";
  }
  return null;
}
