import path from "node:path";
import type { Problem } from "../model.js";
import { catalogueNameFault } from "./check-names.js";
import { faultInComment, faultInName, faultInProse } from "./legal-text.js";
import type { SpecText } from "./read-yaml.js";
import { keysAt, stringAt, stringsAt } from "./untyped.js";

/**
 * What is wrong with the top of a spec: its name, its description, where it writes and what it
 * imports and is imported by.
 */
export function locationProblems(spec: SpecText): readonly Problem[] {
  const problems: Problem[] = [];
  const check = (key: string | readonly string[], fault: (value: string) => string | null) => {
    const at = typeof key === "string" ? [key] : key;
    const value = stringAt(spec, at);
    const message = value === null || value === "" ? null : fault(value);
    if (message !== null) problems.push({ place: spec.places.value(at), message });
  };
  check("catalogue", (name) => {
    const fault = catalogueNameFault(name);
    return fault === null ? null : `the catalogue name "${name}" ${fault}`;
  });
  check("description", proseFault);
  check("output", outputFault);
  check("runtime", (runtime) => runtimeFault(runtime, stringAt(spec, ["imports"])));
  check("imports", (imports) => importsFault(imports, stringAt(spec, ["language"])));
  check(["tests", "file"], (file) => testsFault(file, spec));
  check("banner", bannerFault);
  for (const { text, path } of stringsAt(spec, ["beside"])) {
    const message = text === "" ? null : besideFault(text);
    if (message !== null) problems.push({ place: spec.places.value(path), message });
  }
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
  const fault = pathFault("output", output);
  if (fault !== null || normalized(output) !== ".") return fault;
  return '"output" cannot be the directory of the spec itself: name one inside it';
}

/** What is wrong with a path of a key that has to lead to something below the spec's directory. */
function pathFault(key: string, written: string): string | null {
  const fault = faultInName(written);
  if (fault !== null) return `"${key}" cannot hold ${fault.what}`;
  if (path.posix.isAbsolute(written)) return `"${key}" has to be relative to the spec`;
  if (written.includes("\\")) return `"${key}" is written with "/" between directories`;
  const normal = normalized(written);
  if (normal === ".." || normal.startsWith("../")) {
    return `"${key}" has to stay inside the directory of the spec`;
  }
  return null;
}

function normalized(written: string): string {
  return path.posix.normalize(written).replace(/\/$/u, "");
}

/** The tests import the output, and are in the way of no other file. */
function testsFault(file: string, spec: SpecText): string | null {
  if (stringAt(spec, ["tests", "runner"]) === "none") {
    return '"file" says where the tests go, and with "runner: none" there are none: remove one of the two';
  }
  const fault = pathFault("file", file);
  if (fault !== null) return fault;
  const isScript = stringAt(spec, ["language"]) === "javascript";
  const endings = isScript ? [".js", ".mjs"] : [".ts", ".mts"];
  const normal = normalized(file);
  const stem = endings.reduce((name, ending) => path.posix.basename(name, ending), normal);
  if (stem === path.posix.basename(normal) || stem === "" || stem.endsWith(".d")) {
    return `"file" has to be a file whose name ends in "${endings.join('" or "')}", such as "test/locks.test${endings[0]}"`;
  }
  const output = normalized(stringAt(spec, ["output"]) ?? "");
  const folder = path.posix.dirname(normal);
  if (folder === output) {
    const taken = ["index", ...keysAt(spec, ["locks"])];
    const other = taken.find((name) => name.toLowerCase() === stem.toLowerCase());
    return other === undefined ? null : `"file" is where ${other} goes: choose another name`;
  }
  const [odd] = /[^\p{L}\p{M}\p{N}_.@~ /-]/u.exec(`${folder}/${output}`) ?? [];
  if (odd === undefined) return null;
  return `the tests import the output from elsewhere, and a path with "${odd}" cannot be imported everywhere: rename the directory, or leave the tests in the output`;
}

function importsFault(imports: string, language: string | null): string | null {
  if (language === "javascript") {
    if (imports !== ".ts") return null;
    return '"imports: .ts" is for TypeScript that is run as it is, and "language: javascript" needs no compiler: use .js or .mjs';
  }
  if (imports !== ".mjs") return null;
  return '"imports: .mjs" is for "language: javascript": TypeScript is imported as .js, or as .ts if it is run as it is';
}

const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/[\w.~-]+)*$/u;
const RELATIVE = /^\.\.?\/(?:[\w.@~ -]+\/)*[\w.@~ -]+\.[cm]?[jt]s$/u;

/**
 * The specifier is written into the generated code, and the helper of the generated tests is
 * beside it.
 */
function runtimeFault(runtime: string, imports: string | null): string | null {
  if (RELATIVE.test(runtime) && runtime.endsWith("ts") && imports !== ".ts") {
    return '"runtime" is imported as it is written, and ends in ".ts" with "imports: .ts" alone: write ".js"';
  }
  if (PACKAGE.test(runtime) || RELATIVE.test(runtime)) return null;
  return '"runtime" has to be the name of a package or a relative path to a ".js" file, as an import has it';
}

/** The path would be another one on another machine. */
function besideFault(specifier: string): string | null {
  const fault = faultInName(specifier);
  if (fault !== null) return `an item of "beside" cannot hold ${fault.what}`;
  if (isPath(specifier) || PACKAGE.test(specifier)) return null;
  return 'an item of "beside" has to be a path that begins with "./" or "../", or the name of a package';
}

/** Whether something beside the spec is named by its path, and not by its package. */
export function isPath(specifier: string): boolean {
  return /^\.\.?\//u.test(specifier);
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
