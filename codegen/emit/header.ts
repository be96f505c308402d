/**
 * The first lines of every generated file: what it comes from, and the command that makes it anew.
 * They are also how the generator knows its own files from those that people wrote beside them.
 */
export function codeHeader(specName: string): string {
  const [first, second] = sentences(specName);
  return `// ${first}\n// ${second}`;
}

/** The same for Markdown. */
export function textHeader(specName: string): string {
  return `<!-- ${sentences(specName).join(" ")} -->`;
}

/** The name of the spec that a file was generated from, or `null` where no generator wrote it. */
export function generatedFrom(text: string): string | null {
  return HEADER.exec(text)?.groups?.["spec"] ?? null;
}

const HEADER = /^\u{feff}?(?:\/\/|<!--) Generated from (?<spec>.+) by `lock-catalogue generate`\./u;

function sentences(specName: string): readonly [string, string] {
  const argument = specName === "locks.yaml" ? "" : ` ${specName}`;
  return [
    `Generated from ${specName} by \`lock-catalogue generate\`.`,
    `Do not edit: change ${specName} and run \`npx lock-catalogue generate${argument}\`.`,
  ];
}
