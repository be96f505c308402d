import path from "node:path";
import { type ClassDeclarationStructure, StructureKind } from "ts-morph";
import { rightsSaid } from "../../src/text.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Directory, Kind, Rights } from "../model.js";
import { specLabel } from "./header.js";
import { type LockOrder, lockOrderOf } from "./lock-order.js";
import { exampleRows, renderName } from "./names.js";
import { type FileStructure, onePerLine, verbatim } from "./print.js";
import { nameRegex, valueRegex } from "./regex.js";
import {
  codeSpan,
  comment,
  deprecation,
  listed,
  memberComment,
  prose,
  quote,
  visible,
  type Words,
} from "./text.js";

/** The file of a kind: its class, whose members are the same in every kind and in the same order. */
export function kindFile(kind: Kind, spec: CatalogueSpec): FileStructure {
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: spec.runtime,
        namedImports: [
          "LockFile",
          { name: "LockFileDefaults", isTypeOnly: true },
          { name: optionsType(kind), isTypeOnly: true },
          ...(kind.rights === null ? [] : [{ name: "LockFileRights", isTypeOnly: true }]),
          ...(kind.rank === null ? [] : [{ name: "LockOrder", isTypeOnly: true }]),
        ],
      },
      {
        kind: StructureKind.Class,
        isExported: true,
        name: kind.name,
        extends: "LockFile",
        docs: [kindComment(kind, spec)],
        properties: [...staticProperties(kind, spec), ...properties(kind, spec)],
        ctors: [classConstructor(kind, spec)],
        methods: [reader(kind, spec)],
      },
    ],
  };
}

/** Where the spec says the directory, the options may say another one. */
function optionsType({ directory }: Kind): string {
  return directory === null ? "LockFileOptions" : "LockFileOptionsWithDirectory";
}

type Member<Key extends "properties" | "ctors" | "methods"> = NonNullable<
  ClassDeclarationStructure[Key]
>[number];

function staticProperties(kind: Kind, spec: CatalogueSpec): readonly Member<"properties">[] {
  // Of a kind without parameters, no value is a pattern; linters refuse the empty type `{}`.
  const record =
    kind.parameters.length === 0
      ? "Record<string, never>"
      : `Record<${kind.parameters.map(quote).join(" | ")}, RegExp>`;
  const regexes = kind.parameters.map((name) => {
    const { pattern } = defined(spec.parameters.get(name));
    return `${name}: ${valueRegex(pattern)}`;
  });
  const lists = kind.parameters.flatMap((name) => {
    const { values, range } = defined(spec.parameters.get(name));
    if (range !== null) return [`${name}: { min: ${range.min}, max: ${range.max} }`];
    return values === null ? [] : [`${name}: ${onePerLine("[", values.map(quote), "]")}`];
  });
  const has = (key: "values" | "range") =>
    kind.parameters.some((name) => defined(spec.parameters.get(name))[key] !== null);
  const domains = [...(has("values") ? [LIST_TYPE] : []), ...(has("range") ? [RANGE_TYPE] : [])];
  const valuesType = `Readonly<Record<string, ${domains.join(" | ")}>>`;
  const constant = (name: string, type: string, value: string) => {
    const modifiers = { isStatic: true, hasOverrideKeyword: true, isReadonly: true };
    return { ...modifiers, name, type, initializer: verbatim(value) };
  };
  const order = lockOrderOf(kind, spec);
  const stamp = kind.stamp === "pid" ? "" : `, stamp: ${quote(kind.stamp)}`;
  return [
    constant("TEMPLATE", "string", quote(kind.template)),
    kind.readable
      ? constant("LOCK_PATTERN", "RegExp", nameRegex(kind, spec.parameters))
      : constant("LOCK_PATTERN", "null", "null"),
    constant("PARAMETERS", `Readonly<${record}>`, onePerLine("{", regexes, "}")),
    ...(lists.length === 0 ? [] : [constant("VALUES", valuesType, onePerLine("{", lists, "}"))]),
    ...(kind.directory === null
      ? []
      : [constant("DIRECTORY", directoryType(kind.directory), directoryCode(kind.directory))]),
    ...(kind.rights === null ? [] : [constant("FILE", "LockFileRights", rightsCode(kind.rights))]),
    ...(kind.named ? [constant("NAMED", "boolean", "true")] : []),
    ...(kind.shared ? [constant("SHARED", "boolean", "true")] : []),
    ...(order === null ? [] : [constant("LOCK_ORDER", "LockOrder", printedOrder(order))]),
    constant(
      "DEFAULTS",
      "LockFileDefaults",
      `{ raiseIfFail: ${kind.raiseIfFail}, wait: ${kind.wait}${stamp} }`,
    ),
  ];
}

function printedOrder({ catalogue, rank, before, place }: LockOrder): string {
  const entries = {
    catalogue: quote(catalogue),
    rank,
    before: onePerLine("[", before.map(quote), "]"),
    place: quote(place),
  };
  return onePerLine(
    "{",
    Object.entries(entries).map(([key, value]) => `${key}: ${value}`),
    "}",
  );
}

function directoryType({ env }: Directory): string {
  return env === null ? "string" : "{ readonly default: string; readonly env: string }";
}

function directoryCode({ path: directory, env }: Directory): string {
  return env === null
    ? quote(directory)
    : onePerLine("{", [`default: ${quote(directory)}`, `env: ${quote(env)}`], "}");
}

function rightsCode({ mode, group }: Rights): string {
  const named = typeof group === "string" ? quote(group) : group;
  return `{ mode: 0o${mode.toString(8)}${named === null ? "" : `, group: ${named}`} }`;
}

const LIST_TYPE = "readonly string[]";
const RANGE_TYPE = "{ readonly min: number; readonly max: number }";

/** The type of a value: a union if there are only some. */
function typeOf(name: string, spec: CatalogueSpec): string {
  const { values, range } = defined(spec.parameters.get(name));
  if (range !== null) return "number";
  return values === null ? "string" : values.map(quote).join(" | ");
}

function properties(kind: Kind, spec: CatalogueSpec): readonly Member<"properties">[] {
  return [
    {
      leadingTrivia: "\n",
      hasOverrideKeyword: true,
      isReadonly: true,
      name: "kind",
      initializer: quote(kind.name),
    },
    ...kind.parameters.map((name) => {
      const { description } = defined(spec.parameters.get(name));
      const docs = description === null ? [] : [memberComment(prose(description))];
      return { isReadonly: true, name, type: typeOf(name, spec), docs };
    }),
  ];
}

/** All values of a kind by name, with their types and their documentation. */
function valuesOf(kind: Kind): string {
  return `Pick<${kind.name}, ${kind.parameters.map(quote).join(" | ")}>`;
}

function classConstructor(kind: Kind, spec: CatalogueSpec): Member<"ctors"> {
  const values = kind.named ? "values" : few(kind, "{ ", kind.parameters, " }");
  const isPlaced = kind.directory !== null;
  const directory = isPlaced ? "options?.directory" : "lockDirectory";
  const parameters = [
    ...(isPlaced ? [] : [{ name: "lockDirectory", type: "string | URL" }]),
    ...(kind.named
      ? [{ name: "values", type: valuesOf(kind) }]
      : kind.parameters.map((name) => ({ name, type: typeOf(name, spec) }))),
    { name: "options", hasQuestionToken: true, type: optionsType(kind), trailingTrivia: "\n" },
  ];
  return {
    parameters: parameters.map((parameter) => ({ ...parameter, leadingTrivia: "\n" })),
    statements: [
      `super(${kind.name}.locate(${directory}, ${values}), options);`,
      ...kind.parameters.map((name) => `this.${name} = ${kind.named ? "values." : ""}${name};`),
    ],
  };
}

function reader(kind: Kind, spec: CatalogueSpec): Member<"methods"> {
  const names = few(kind, "[", kind.parameters.map(quote), "]");
  // Of texts alone, the types are the names of the parameters.
  const isPlain = kind.parameters.every((name) => typeOf(name, spec) === "string");
  const types = isPlain ? "" : `<${valuesOf(kind)}>`;
  const isPlaced = kind.directory !== null;
  const place = isPlaced ? ["{ directory: read.lockDirectory }"] : ["read.lockDirectory"];
  const own = kind.named ? ["read"] : kind.parameters.map((name) => `read.${name}`);
  const values = isPlaced ? [...own, ...place] : [...place, ...own];
  return {
    isStatic: true,
    hasOverrideKeyword: true,
    name: "buildIfMatches",
    docs: [
      kind.readable
        ? "The lock of this kind whose file is `path`; `null` if the name is not of this kind."
        : "`null` for every path: names of this kind cannot be read back.",
    ],
    parameters: [{ name: "path", type: "string" }],
    returnType: `${kind.name} | null`,
    statements: [
      `const read = ${kind.name}.read${types}(path, ${names});`,
      kind.named
        ? `return read && new ${kind.name}(${values.join(", ")});`
        : `return read && new ${kind.name}${few(kind, "(", values, ")")};`,
    ],
  };
}

/** The values of a kind between brackets: up to two stand on one line, more one to a line. */
function few(kind: Kind, open: string, items: readonly string[], close: string): string {
  if (kind.parameters.length > 2) return onePerLine(open.trim(), items, close.trim());
  return items.length === 0 ? open.trim() + close.trim() : open + items.join(", ") + close;
}

/** The documentation of the class: what it protects, which file it is, whether it waits. */
function kindComment(kind: Kind, spec: CatalogueSpec): string {
  const source = specLabel(path.basename(spec.source.file));
  const [deprecated, ...more] =
    kind.deprecated === null ? [] : deprecation(kind.deprecated, codeSpan);
  return comment(
    [
      ...prose(kind.description),
      fileSentence(kind, spec),
      ...directorySentences(kind),
      ...(kind.rights === null
        ? []
        : [`Created with ${rightsSaid(kind.rights, codeSpan)}.`.split(" ")]),
      ...(kind.readable ? [] : ["Its names cannot be read back.".split(" ")]),
      waitSentence(kind).split(" "),
      ...(kind.shared ? ['Readers may share it: `{ mode: "shared" }`.'.split(" ")] : []),
      ...(kind.stamp === "pid" ? [] : ["Its holder writes nothing into the file.".split(" ")]),
      ...(kind.before.length === 0 ? [] : [orderSentence(kind)]),
      ...(deprecated === undefined ? [] : [["Deprecated:", ...deprecated], ...more]),
    ],
    [["@generated", "from", ...prose(`${source},`).flat(), "kind", kind.name]],
  );
}

function fileSentence(kind: Kind, spec: CatalogueSpec): Words {
  const [row] = exampleRows(kind, spec);
  if (kind.parameters.length === 0 || row === undefined) {
    return ["File:", `${fileSpan(renderName(kind, {}))}.`];
  }
  const example = fileSpan(renderName(kind, row));
  return ["File:", `${fileSpan(kind.template)},`, "for", "example", `${example}.`];
}

function directorySentences({ directory }: Kind): readonly Words[] {
  if (directory === null) return [];
  // A path, unlike a name, may end the comment.
  const place = fileSpan(directory.path).replaceAll("*/", "*\\u002f");
  if (directory.env === null) return [["Directory:", `${place}.`]];
  const otherwise = `unless \`${directory.env}\` in the environment names another.`;
  return [["Directory:", `${place},`, ...otherwise.split(" ")]];
}

/** A file name in a documentation comment, where TypeScript takes " @" and "{@" for tags even in backticks. */
function fileSpan(name: string): string {
  return codeSpan(visible(name).replace(/(?<=[ {])@/gu, "\\u0040"));
}

/** Which locks may be taken while this one is held. */
function orderSentence({ before }: Kind): Words {
  const names = before.map(({ name }) => `\`${name}\``);
  return `Taken before ${listed(names)} where a program holds both.`.split(" ");
}

/** What happens if the lock is busy, in one sentence. */
function waitSentence(kind: Kind): string {
  if (kind.wait) {
    const failure = kind.raiseIfFail ? "" : " A failure returns `false` instead of throwing.";
    return `Waits for the holder unless told not to (\`{ wait: false }\`).${failure}`;
  }
  const busy = kind.raiseIfFail ? "throws `LockFileBusy`" : "returns `false`";
  return `Does not wait unless asked to: a busy lock ${busy} at once.`;
}
