import { ts } from "ts-morph";

/** The code of a generated file without its types: what a compiler would leave, in the same lines. */
export function withoutTypes(code: string): string {
  return edited(code, (node, file) => {
    if (ts.isTypeAliasDeclaration(node)) return [{ start: node.getFullStart(), end: node.end }];
    if (ts.isNamedImports(node)) {
      const values = node.elements.filter(({ isTypeOnly }) => !isTypeOnly);
      if (values.length === node.elements.length) return [];
      const names = values.map((element) => element.getText(file)).join(", ");
      return [{ start: node.getStart(file), end: node.end, text: `{ ${names} }` }];
    }
    if (ts.isPropertyDeclaration(node)) {
      return [
        ...modifiers(node, ["override", "readonly"], file),
        { start: node.name.end, end: node.type?.end ?? node.name.end },
      ];
    }
    if (ts.isParameter(node) || ts.isVariableDeclaration(node)) {
      return [{ start: node.name.end, end: node.type?.end ?? node.name.end }];
    }
    if (ts.isMethodDeclaration(node)) {
      const { type } = node;
      const start = afterBracket(node, file);
      return [...modifiers(node, ["override"], file), { start, end: type?.end ?? start }];
    }
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const { expression, typeArguments } = node;
      if (typeArguments === undefined) return [];
      const end = file.text.indexOf(">", typeArguments.end) + 1;
      return [{ start: expression.end, end }];
    }
    return [];
  });
}

/** The declarations of a generated file: its types and documentation, without what it does. */
export function declarationsOf(code: string): string {
  return edited(code, (node, file) => {
    if (ts.isClassDeclaration(node) || ts.isVariableStatement(node)) {
      const [exported] = node.modifiers ?? [];
      return exported === undefined
        ? []
        : [{ start: exported.end, end: exported.end, text: " declare" }];
    }
    if (ts.isPropertyDeclaration(node)) {
      const { name, type, initializer } = node;
      // A property without a type has that of its value: `readonly kind = "CronLock"`.
      const end = type === undefined ? name.end : (initializer ?? type).end;
      return [
        ...modifiers(node, ["override"], file),
        { start: type === undefined ? end : type.end, end },
      ];
    }
    if (ts.isVariableDeclaration(node)) {
      const start = (node.type ?? node.name).end;
      return [{ start, end: node.initializer?.end ?? start }];
    }
    if (ts.isConstructorDeclaration(node) || ts.isMethodDeclaration(node)) {
      const start = node.type?.end ?? afterBracket(node, file);
      const body = { start, end: node.body?.end ?? start, text: ";" };
      return [...modifiers(node, ["override"], file), body];
    }
    return [];
  });
}

/** A part of a text, and what takes its place: nothing, unless it is said. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

/** A text with the edits that a look at each of its nodes asks for; what is inside an edit goes with it. */
function edited(
  code: string,
  look: (node: ts.Node, file: ts.SourceFile) => readonly Edit[],
): string {
  const file = ts.createSourceFile("file.ts", code, ts.ScriptTarget.ESNext);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    edits.push(...look(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text = "" } of edits.sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    pieces.push(code.slice(at, start), text);
    at = end;
  }
  return [...pieces, code.slice(at)].join("");
}

/** The modifiers of a member that only a compiler reads, each with the space behind it. */
function modifiers(
  node: ts.PropertyDeclaration | ts.ConstructorDeclaration | ts.MethodDeclaration,
  names: readonly string[],
  file: ts.SourceFile,
): readonly Edit[] {
  return (node.modifiers ?? [])
    .filter((modifier) => names.includes(modifier.getText(file)))
    .map((modifier) => ({ start: modifier.getStart(file), end: modifier.end + 1 }));
}

/** Where the parameters of a function end. */
function afterBracket(
  { parameters }: ts.ConstructorDeclaration | ts.MethodDeclaration,
  file: ts.SourceFile,
): number {
  return file.text.indexOf(")", parameters.end) + 1;
}
