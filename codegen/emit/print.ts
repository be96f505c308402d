import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
  StructureKind,
} from "ts-morph";
import { breakLongLines } from "./long-lines.js";
import type { Slots } from "./slots.js";

/** Prints structures as source files. One per run: a project is dear to make. */
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

  /**
   * The text of a file, below its header. A header among the structures would end up below the
   * imports.
   */
  print(
    name: string,
    header: string,
    structure: Omit<SourceFileStructure, "kind">,
    slots: Slots,
  ): string {
    const file = this.#project.createSourceFile(name, {
      kind: StructureKind.SourceFile,
      ...structure,
    });
    const body = file.getFullText().trim();
    // A forgotten file is memory given back: nothing looks at it again.
    file.forget();
    return `${header}\n${slots.fill(breakLongLines(body))}\n`;
  }
}
