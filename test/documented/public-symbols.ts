import { Node, type SourceFile, ts } from "ts-morph";

/** Something that a user of the package can name or pass, and what an editor shows of it. */
export interface PublicSymbol {
  /** As in `LockFile.acquire`. */
  readonly name: string;
  readonly node: Node;
  /** The text of its doc comment before the first tag, or of the one that it inherits. */
  readonly description: string;
  /** The tags of the comment, one after the other, as `@throws RangeError for …`. */
  readonly tags: string;
  /** What is said of the member that this one overrides, and holds for this one too; empty where there is none. */
  readonly overridden: string;
}

/**
 * Everything that can be reached from what these modules export: the declarations, their public and protected
 * members, the properties of the objects that they take and give, and the same of every type that one of
 * those mentions. Bodies are no part of it, and neither is what other packages declare.
 */
export function publicSymbols(entries: readonly SourceFile[]): PublicSymbol[] {
  const found: PublicSymbol[] = [];
  const seen = new Set<Node>();
  const pending: Node[] = [];
  const meet = (node: Node): void => {
    if (!isDeclaration(node) || seen.has(node) || isForeign(node)) return;
    seen.add(node);
    pending.push(node);
  };
  const walk = (node: Node, path: string): void => {
    if (isHidden(node)) return;
    const name = isDocumentable(node) ? [path, nameOf(node)].filter(Boolean).join(".") : path;
    if (isDocumentable(node)) found.push({ name, node, ...documentationOf(node) });
    if (Node.isIdentifier(node)) for (const declaration of declarationsOf(node)) meet(declaration);
    node.forEachChild((child) => walk(child, name));
  };
  for (const entry of entries) {
    for (const declarations of entry.getExportedDeclarations().values()) declarations.forEach(meet);
  }
  for (let node = pending.shift(); node !== undefined; node = pending.shift()) walk(node, "");
  return found;
}

/** The declarations of what an identifier names, in the module that declares it. */
export function declarationsOf(node: Node): Node[] {
  const symbol = node.getSymbol();
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
}

export function isForeign(node: Node): boolean {
  const file = node.getSourceFile();
  return file.isInNodeModules() || file.isDeclarationFile();
}

function isDeclaration(node: Node): boolean {
  return (
    Node.isClassDeclaration(node) ||
    Node.isInterfaceDeclaration(node) ||
    Node.isTypeAliasDeclaration(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isVariableDeclaration(node)
  );
}

function isDocumentable(node: Node): boolean {
  return (
    isDeclaration(node) ||
    Node.isPropertyDeclaration(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isConstructorDeclaration(node) ||
    Node.isTypeElement(node) ||
    Node.isPropertyAssignment(node)
  );
}

/** What a user cannot get at: private members, the insides of functions, and values other than objects. */
function isHidden(node: Node): boolean {
  if (Node.isBlock(node) || Node.isJSDoc(node)) return true;
  if (Node.isScoped(node) && node.getScope() === "private") return true;
  if (Node.isPropertyNamed(node) && Node.isPrivateIdentifier(node.getNameNode())) return true;
  const parent = node.getParent();
  const isValue = Node.isInitializerExpressionGetable(parent) && parent.getInitializer() === node;
  return (
    isValue && !(Node.isAsExpression(node) && Node.isObjectLiteralExpression(node.getExpression()))
  );
}

function nameOf(node: Node): string {
  if (Node.isConstructorDeclaration(node) || Node.isConstructSignatureDeclaration(node))
    return "new";
  return (Node.hasName(node) ? node.getName() : node.getSymbol()?.getName()) ?? node.getKindName();
}

type Documentation = Pick<PublicSymbol, "description" | "tags" | "overridden">;

/** The comment of a symbol, or the one that it inherits: the language service of TypeScript decides. */
function documentationOf(node: Node): Documentation {
  const symbol = node.getSymbolOrThrow().compilerSymbol;
  const checker = node.getProject().getTypeChecker().compilerObject;
  const own = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const tags = symbol
    .getJsDocTags(checker)
    .map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`)
    .join(" ");
  const base = overriddenBy(node);
  const above = base === undefined ? NOTHING : documentationOf(base);
  return {
    description: own === "" ? above.description : own,
    tags,
    overridden: `${above.description} ${above.tags} ${above.overridden}`,
  };
}

const NOTHING: Documentation = { description: "", tags: "", overridden: "" };

/** The member of a base class that a member stands for; of a constructor, which overrides nothing, the one that it calls. */
function overriddenBy(node: Node): Node | undefined {
  const base = node.getParentIfKind(ts.SyntaxKind.ClassDeclaration)?.getBaseClass();
  if (base === undefined) return undefined;
  if (Node.isConstructorDeclaration(node)) return base.getConstructors()[0];
  const isStatic = Node.isStaticable(node) && node.isStatic();
  const members = isStatic ? base.getStaticMembers() : base.getInstanceMembers();
  return members.find((member) => member.getSymbol()?.getName() === node.getSymbol()?.getName());
}
