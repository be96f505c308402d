import path from "node:path";
import type { JSDocStructure, OptionalKind } from "ts-morph";
import type { CatalogueSpec, Kind, Parameter } from "../model.js";
import { exampleRows, renderName } from "./names.js";
import { codeSpan, commentLines, escapeProse, paragraphs, visible } from "./text.js";

/** The documentation of a kind's class: what it protects, which file it is, whether it waits. */
export function kindComment(kind: Kind, spec: CatalogueSpec): OptionalKind<JSDocStructure> {
  const blocks = [
    ...prose(kind.description),
    fileSentence(kind, spec),
    ...(kind.readable ? [] : ["Its names cannot be read back.".split(" ")]),
    waitSentence(kind).split(" "),
  ];
  const tags = [
    ...(kind.deprecated === null ? [] : [["@deprecated", ...prose(kind.deprecated).flat()]]),
    ["@generated", "from", `${path.basename(spec.source.file)},`, "kind", kind.name],
  ];
  return { description: lines([...blocks, ...tags.slice(0, 1)], tags.slice(1)) };
}

/** The documentation of a parameter's property; none where the spec says nothing. */
export function parameterComment(parameter: Parameter): OptionalKind<JSDocStructure>[] {
  if (parameter.description === null) return [];
  const wrapped = commentLines(prose(parameter.description), 2);
  // A comment of one line has its closing mark beside it.
  const [only = ""] = wrapped;
  const isShort = wrapped.length === 1 && only.length <= 100 - "  /**  */".length;
  return [{ description: isShort ? only : `\n${wrapped.join("\n")}` }];
}

/** The documentation of something exported, from prose and a sentence of ours. */
export function plainComment(
  ...blocks: readonly (readonly string[])[]
): OptionalKind<JSDocStructure> {
  return { description: `\n${commentLines(blocks, 0).join("\n")}` };
}

/** Prose of the author's in paragraphs of words that are safe in a comment. */
export function prose(text: string): readonly (readonly string[])[] {
  return paragraphs(text).map(escapeProse);
}

/** What a contender meets, in one sentence. */
function waitSentence(kind: Kind): string {
  const busy = kind.raiseIfFail
    ? "a busy lock is a `LockFileBusy` at once"
    : "a busy lock is `false` at once, and nothing is thrown";
  if (!kind.wait) return `Does not wait unless asked to: ${busy}.`;
  const failure = kind.raiseIfFail ? "" : " What fails is `false`, and nothing is thrown.";
  return `Waits for the holder unless told not to (\`{ wait: false }\`).${failure}`;
}

function fileSentence(kind: Kind, spec: CatalogueSpec): readonly string[] {
  const template = codeSpan(kind.template);
  const [row] = exampleRows(kind, spec);
  if (kind.parameters.length === 0 || row === undefined) {
    const name = codeSpan(renderName(kind, {}));
    return ["File:", `${name}.`];
  }
  const example = codeSpan(visible(renderName(kind, row)));
  return ["File:", `${template},`, "for", "example", `${example}.`];
}

function lines(
  blocks: readonly (readonly string[])[],
  tags: readonly (readonly string[])[],
): string {
  return `\n${[...commentLines(blocks, 0), ...tags.flatMap((tag) => commentLines([tag], 0))].join("\n")}`;
}
