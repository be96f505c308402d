import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
  ts,
} from "ts-morph";

/** What a generated file holds below its header. */
export type FileStructure = Omit<SourceFileStructure, "kind">;

/** Prints structures as source files. One per run: a ts-morph project is slow to make. */
export class Printer {
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });

  /** The text of a file below its header, which inside the structure would end up below the imports. */
  print(name: string, structure: FileStructure): string {
    const file = this.#project.createSourceFile(name, structure);
    const body = restore(file.compilerNode).trim();
    // Without this, the project keeps every file in memory.
    file.forget();
    return `${body}\n`;
  }
}

/**
 * An expression whose text ts-morph must not read or indent. In `/[^/*]+/u` it takes the second slash
 * for the end and then waits for the end of a comment; and it indents the closing bracket of a list
 * like the items. So the structure holds a stand-in, a regular expression of harmless characters,
 * which `print` replaces. Later lines are indented like the line that the expression begins on.
 */
export function verbatim(expression: string): string {
  return `/${encodeURIComponent(expression)}/`;
}

/**
 * The text of a file with the verbatim expressions in their places. They are found in the syntax
 * tree: what looks like one in a comment or string is left alone.
 */
function restore(file: ts.SourceFile): string {
  const pieces: string[] = [];
  let end = 0;
  const append = (until: number) => {
    // ts-morph leaves a space before a line break.
    pieces.push(file.text.slice(end, until).replaceAll(" \n", "\n"));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const start = node.getStart(file);
      append(start);
      const line = file.text.slice(file.text.lastIndexOf("\n", start) + 1, start);
      const indentation = " ".repeat(line.length - line.trimStart().length);
      const expression = decodeURIComponent(node.text.slice(1, -1));
      pieces.push(expression.replaceAll("\n", `\n${indentation}`));
      end = node.end;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  append(file.end);
  return pieces.join("");
}

/** Items one to a line, between brackets: the shape of every list that grows with the catalogue. */
export function onePerLine(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close;
  return [open, ...items.map((item) => `  ${item.replaceAll("\n", "\n  ")},`), close].join("\n");
}
