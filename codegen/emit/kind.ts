import { type ClassDeclarationStructure, type SourceFileStructure, StructureKind } from "ts-morph";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Parameter } from "../model.js";
import { kindComment, parameterComment } from "./comments.js";
import {
  args,
  argsEndingIn,
  array,
  group,
  ifBroken,
  indent,
  type Layout,
  LINE_WIDTH,
  line,
  object,
  print,
  softline,
} from "./layout.js";
import { nameRegex, valueRegex } from "./regex.js";
import type { Slots } from "./slots.js";
import { quote } from "./text.js";

/**
 * The source file of a kind: its class, whose members are the same in every kind and in the same
 * order.
 */
export function kindFile(
  kind: Kind,
  spec: CatalogueSpec,
  slots: Slots,
): Omit<SourceFileStructure, "kind"> {
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: spec.runtime,
        namedImports: [
          "LockFile",
          { name: "LockFileDefaults", isTypeOnly: true },
          { name: "LockFileOptions", isTypeOnly: true },
        ],
      },
      kindClass(kind, spec, slots),
    ],
  };
}

function kindClass(kind: Kind, spec: CatalogueSpec, slots: Slots): ClassDeclarationStructure {
  const parameters = kind.parameters.map((name) => defined(spec.parameters.get(name)));
  return {
    kind: StructureKind.Class,
    isExported: true,
    name: kind.name,
    extends: "LockFile",
    docs: [kindComment(kind, spec)],
    properties: [
      ...staticProperties(kind, parameters, spec, slots),
      {
        leadingTrivia: "\n",
        hasOverrideKeyword: true,
        isReadonly: true,
        name: "kind",
        initializer: quote(kind.name),
      },
      ...parameters.map((parameter) => ({
        isReadonly: true,
        name: parameter.name,
        type: "string",
        docs: parameterComment(parameter),
      })),
    ],
    ctors: [
      {
        parameters: [
          { name: "lockDirectory", type: "string" },
          ...kind.parameters.map((name) => ({ name, type: "string" })),
          { name: "options", hasQuestionToken: true, type: "LockFileOptions" },
        ],
        statements: [
          print(superCall(kind), 4),
          ...kind.parameters.map((name) => print(assignment(`this.${name}`, name), 4)),
        ],
      },
    ],
    methods: [reader(kind)],
  };
}

function staticProperties(
  kind: Kind,
  parameters: readonly Parameter[],
  spec: CatalogueSpec,
  slots: Slots,
): NonNullable<ClassDeclarationStructure["properties"]> {
  const modifiers = { isStatic: true, hasOverrideKeyword: true, isReadonly: true };
  /** The type and value of a member, laid out after what stands before them on the line. */
  const member = (name: string, type: string, value: string) => {
    const before = `static override readonly ${name}: ${type} =`;
    const whole = print(group(before, indent(line, value), ";"), 2);
    return { ...modifiers, name, type, initializer: slots.put(rest(whole, before)) };
  };
  const { type, value } = patterns(parameters);
  return [
    member("TEMPLATE", "string", quote(kind.template)),
    kind.readable
      ? member("LOCK_PATTERN", "RegExp", nameRegex(kind, spec.parameters))
      : { ...modifiers, name: "LOCK_PATTERN", type: "null", initializer: "null" },
    { ...modifiers, name: "PARAMETERS", type: slots.put(type), initializer: slots.put(value) },
    {
      ...modifiers,
      name: "DEFAULTS",
      type: "LockFileDefaults",
      initializer: `{ raiseIfFail: ${kind.raiseIfFail}, wait: ${kind.wait} }`,
    },
  ];
}

/**
 * The type and value of `PARAMETERS`: where both do not fit on a line, the formatter gives each its
 * own way to break.
 */
function patterns(parameters: readonly Parameter[]): { type: string; value: string } {
  const names = parameters.map(({ name }) => quote(name));
  const before = "static override readonly PARAMETERS: ";
  const flat = `${before}Readonly<Record<${names.join(" | ") || "never"}, RegExp>> =`;
  const entries = parameters.map(({ name, pattern }) => entry(name, valueRegex(pattern)));
  const { fitting } = object(entries);
  const record = group("<", indent(softline, recordType(names)), softline, ">");
  const width = LINE_WIDTH - INDENTATION;
  const isTight = flat.length <= width && `${flat} {`.length > width;
  const sign: Layout = isTight ? indent(line, fitting) : [" ", fitting];
  const printed = print([before, "Readonly", record, " =", sign, ";"], INDENTATION)
    .replaceAll("\n", "\n  ")
    .slice(before.length, -1);
  const end = printed.search(/ =\s+\{/u);
  return {
    type: printed.slice(0, end),
    value: printed.slice(end + " =".length).replace(/^ /u, ""),
  };
}

/** The indentation of a member. */
const INDENTATION = 2;

/** What a layout printed after `before`, without its semicolon, at the indentation of a member. */
function rest(printed: string, before: string): string {
  const text = printed.slice(before.length, -1).replaceAll("\n", "\n  ");
  return text.startsWith("\n") ? text : text.trimStart();
}

function recordType(names: readonly string[]): Layout {
  const union: Layout =
    names.length > 1
      ? group(
          ifBroken("| "),
          ...names.flatMap((name, index) => (index === 0 ? [name] : [line, "| ", name])),
        )
      : (names[0] ?? "never");
  return group("Record<", indent(softline, union, ",", line, "RegExp"), softline, ">");
}

/** A short key keeps its value on its line: a break would gain nothing. */
function entry(name: string, value: string): Layout {
  return name.length <= 4 ? `${name}: ${value}` : group(`${name}:`, indent(line, value));
}

function superCall(kind: Kind): Layout {
  const values = object(kind.parameters);
  const path = [`${kind.name}.locate`, argsEndingIn(["lockDirectory"], values)];
  return ["super", args(path, "options"), ";"];
}

function assignment(target: string, value: string): Layout {
  return group(`${target} =`, indent(line, value), ";");
}

function reader(kind: Kind): NonNullable<ClassDeclarationStructure["methods"]>[number] {
  const signature = { isStatic: true, hasOverrideKeyword: true, name: "buildIfMatches" };
  if (!kind.readable) {
    return {
      ...signature,
      docs: ["Names of this kind are not read back: `null` for every path."],
      parameters: [{ name: "_path", type: "string" }],
      returnType: "null",
      statements: ["return null;"],
    };
  }
  const names = array(kind.parameters.map(quote));
  const values = kind.parameters.map((name) => `read.${name}`);
  const lock = [`new ${kind.name}`, args("read.lockDirectory", ...values)];
  return {
    ...signature,
    docs: [
      "The lock of this kind whose file is `path`; `null` where the name is not one of this kind's.",
    ],
    parameters: [{ name: "path", type: "string" }],
    returnType: `${kind.name} | null`,
    statements: [
      print([`const read = ${kind.name}.read`, argsEndingIn(["path"], names), ";"], 4),
      print(
        group(
          "return ",
          ifBroken("("),
          indent(softline, group("read &&", line, lock)),
          softline,
          ifBroken(")"),
          ";",
        ),
        4,
      ),
    ],
  };
}
