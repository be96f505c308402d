import { Node, type ThrowStatement } from "ts-morph";
import { declarationsOf, isForeign } from "./public-symbols.js";

/**
 * Whether a function can throw an error of ours: by a `throw` of its own, or of a function of ours that it calls.
 * What it catches does not count, nor what it throws again, nor an assertion, which is no fault of the caller's;
 * what the system throws is not known here.
 */
export function mayThrow(callable: Node, asked: Set<Node> = new Set()): boolean {
  if (asked.has(callable) || isForeign(callable)) return false;
  asked.add(callable);
  return bodiesOf(callable).some((body) => throwsIn(body, asked));
}

function throwsIn(node: Node, asked: Set<Node>): boolean {
  if (Node.isTryStatement(node)) {
    const parts = [node.getCatchClause() ?? node.getTryBlock(), node.getFinallyBlock()];
    return parts.some((part) => part !== undefined && throwsIn(part, asked));
  }
  if (Node.isThrowStatement(node) && !isRethrow(node) && !isAssertion(node)) return true;
  if (Node.isCallExpression(node) || Node.isNewExpression(node)) {
    if (declarationsOf(node.getExpression()).some((called) => mayThrow(called, asked))) return true;
  }
  return node.forEachChildAsArray().some((child) => throwsIn(child, asked));
}

function bodiesOf(callable: Node): Node[] {
  if (Node.isClassDeclaration(callable)) return callable.getConstructors();
  if (Node.isVariableDeclaration(callable)) return [callable.getInitializer() ?? callable];
  return Node.isBodyable(callable) ? [callable.getBody() ?? callable] : [];
}

/** `throw error` of what was caught: it is the error of who threw it first. */
function isRethrow(node: ThrowStatement): boolean {
  return declarationsOf(node.getExpression()).some((declaration) =>
    Node.isCatchClause(declaration.getParent()),
  );
}

/** A plain `Error` says that something is so which cannot be. */
function isAssertion(node: ThrowStatement): boolean {
  const error = node.getExpression();
  return Node.isNewExpression(error) && error.getExpression().getText() === "Error";
}
