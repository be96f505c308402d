import path from "node:path";
import type { Language } from "../model.js";

/**
 * The lines of every generated file that say what it comes from, and the command that makes it anew.
 * They are also how the generator knows its own files from those that people wrote next to them.
 *
 * @param specPath The spec, relative to the file's directory: the same on every machine, and another one for
 * two specs of one name.
 */
export function codeHeader(specPath: string, language: Language = "typescript"): string {
  const [first, second] = sentences(specPath, language);
  return `// ${first}\n// ${second}`;
}

/** The same for Markdown. */
export function textHeader(specPath: string): string {
  return `<!-- ${sentences(specPath, "typescript").join(" ")} -->`;
}

/** The line of LOCKS.md that says where the tests are, if they are elsewhere: they are found by it when they move. */
export function testsNote(testsPath: string): string {
  return `<!-- Its tests are ${specLabel(testsPath)} -->`;
}

/** The path of the tests in such a line, relative to the file's directory; `null` if there is none. */
export function testsNoted(text: string): string | null {
  const label = TESTS.exec(text)?.groups?.["label"];
  return label === undefined ? null : pathOf(label);
}

/**
 * The path of a spec as generated files mention it. File names may hold line breaks, and `-->` would
 * end the header of LOCKS.md: a path with such characters is a JSON string.
 */
export function specLabel(specName: string): string {
  if (/^[^\p{C}\p{Z}"`\\>](?:[^\p{C}\p{Z}"`\\>]| (?! |$))*$/u.test(specName)) return specName;
  return JSON.stringify(specName).replace(/[\p{C}\p{Zl}\p{Zp}`>]|(?! )\p{Zs}/gu, escapeUnits);
}

/**
 * The path of the spec that a file was generated from, relative to its directory; `null` if no generator
 * wrote it. What is JavaScript says so: a compiler keeps the header of the TypeScript that it reads. People put things above the header, such as a licence, so it is looked for in the whole text. Above all else its
 * first line is enough; further down, where a text might quote it, it has to be complete.
 */
export function generatedFrom(text: string, language: Language = "typescript"): string | null {
  const { firstLine, complete } = HEADERS[language];
  const label = (firstLine.exec(text) ?? complete.exec(text))?.groups?.["label"];
  return label === undefined ? null : pathOf(label);
}

function pathOf(label: string): string {
  return label.startsWith('"') ? JSON.parse(label) : label;
}

const LABEL = '(?<label>"(?:[^"\\\\]|\\\\.)+"|[^"`\\r\\n][^`\\r\\n]*)';
const GENERATED: Readonly<Record<Language, string>> = {
  typescript: "Generated from",
  javascript: "Generated for JavaScript from",
};
const HEADERS = { typescript: headerOf("typescript"), javascript: headerOf("javascript") };
const TESTS = new RegExp(`^<!-- Its tests are ${LABEL} -->\\r?$`, "mu");

function headerOf(language: Language): { readonly firstLine: RegExp; readonly complete: RegExp } {
  const sentence = `(?://|<!--) ${GENERATED[language]} ${LABEL} by \`lock-catalogue generate\`\\.`;
  return {
    firstLine: new RegExp(`^\\u{feff}?${sentence}`, "u"),
    complete: new RegExp(`^${sentence}(?:\\r?\\n//)? Do not edit: change `, "mu"),
  };
}

function sentences(specPath: string, language: Language): readonly [string, string] {
  const label = specLabel(specPath);
  const what = label === specPath ? `change ${label}` : "change that file";
  return [
    `${GENERATED[language]} ${label} by \`lock-catalogue generate\`.`,
    `Do not edit: ${what} and run ${command(path.posix.basename(specPath))} in its folder.`,
  ];
}

function command(specName: string): string {
  if (specName === "locks.yaml") return "`npx lock-catalogue generate`";
  if (specLabel(specName) !== specName) return "`npx lock-catalogue generate` on it";
  const file = specName.startsWith("-") ? `./${specName}` : specName;
  const argument = /^[\p{L}\p{M}\p{N}._@+=:,%/-]+$/u.test(file)
    ? file
    : `'${file.replaceAll("'", "'\\''")}'`;
  return `\`npx lock-catalogue generate ${argument}\``;
}

function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
