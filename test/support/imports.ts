import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { ROOT } from "./root.js";

/** An import, a re-export, an `import()` or a `require()`. */
export interface Import {
  /** The file, from the root of the repository. */
  readonly from: string;
  /** Such a file too, or the name of a package. */
  readonly to: string;
  /** Whether the compiler erases it. */
  readonly isType: boolean;
}

/** The source files under a folder of the repository, sorted. */
export function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();
}

/** What the source files under a folder import. */
export function importsOf(folder: string): Import[] {
  return sourcesOf(folder).flatMap((from) => {
    const text = readFileSync(join(ROOT, from), "utf8");
    const { module, errors } = parseSync(from, text);
    if (errors.length > 0) throw new Error(`${from}: ${errors[0]?.message}`);
    const found = (specifier: string, isType: boolean): Import => ({
      from,
      to: specifier.startsWith(".")
        ? join(dirname(from), specifier).replace(/\.js$/u, ".ts")
        : specifier,
      isType,
    });
    return [
      ...module.staticImports.map(({ moduleRequest, entries }) =>
        found(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType)),
      ),
      ...module.staticExports
        .flatMap(({ entries }) => entries)
        .flatMap(({ moduleRequest, isType }) =>
          moduleRequest === null ? [] : [found(moduleRequest.value, isType)],
        ),
      ...[...text.matchAll(/\brequire\("(?<name>[^"]+)"\)/gu)].map(({ groups }) =>
        found(groups?.["name"] ?? "", false),
      ),
      ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
        const literal = /^"(?<name>[^"]+)"$/u.exec(text.slice(start, end));
        return literal?.groups?.["name"] === undefined
          ? []
          : [found(literal.groups["name"], false)];
      }),
    ];
  });
}
