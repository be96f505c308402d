import { Node, type Type } from "ts-morph";
import { mayThrow } from "./may-throw.js";
import type { PublicSymbol } from "./public-symbols.js";

/** What the documentation of a symbol lacks, as the end of a sentence that begins with its name. */
export function lacksOf(symbol: PublicSymbol): string[] {
  const { name, node, description, tags, overridden } = symbol;
  if (speaksForItself(node)) return [];
  if (description.trim() === "") return ["has no doc comment"];
  const text = `${description} ${tags} ${overridden}`;
  const given = givenType(node);
  const lacks: string[] = [];
  if (saysNothing(description, name)) lacks.push("has a doc comment that only repeats its name");
  if (given !== undefined) {
    if (isNullable(given) && !/\bnull\b/iu.test(text)) lacks.push("does not say when it is null");
    if (isNumber(given) && !UNITS.test(text)) lacks.push("does not say what its number counts");
    if (isPromise(given) && !/\bwait|\bevent loop\b/iu.test(text)) {
      lacks.push("does not say what it waits for, or that it does not");
    }
  }
  if (isCallable(node) && mayThrow(node) && !/\bthrow|\breject/iu.test(text)) {
    lacks.push("does not say what it throws");
  }
  return lacks;
}

/** What a number of ours counts: a time, a size, a place in a text or in an order, a process. */
const UNITS = /\b(?:ms|bytes|columns|code points|offset|PID|from 1)\b/iu;

/** A property that can have a single value, as the `state` of one case among several. */
function speaksForItself(node: Node): boolean {
  const type = node.getType();
  return Node.isPropertySignature(node) && (type.isStringLiteral() || type.isNull());
}

/** Whether the first sentence has no word that the name has not. */
function saysNothing(description: string, name: string): boolean {
  const [first = ""] = description.split(/[.;:]\s/u);
  const known = wordsOf(name.slice(name.lastIndexOf(".") + 1));
  return [...wordsOf(first)].every((word) => known.has(word) || FILLERS.has(word));
}

const FILLERS: ReadonlySet<string> = new Set(["a", "an", "the", "of", "this", "its", "is", "or"]);

function wordsOf(text: string): ReadonlySet<string> {
  const apart = text.replace(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase();
  return new Set(apart.match(/[\p{L}\p{N}]+/gu) ?? []);
}

function isCallable(node: Node): boolean {
  return Node.isFunctionLikeDeclaration(node) || Node.isFunctionDeclaration(node);
}

/** The type of what a property has or a function gives. */
function givenType(node: Node): Type | undefined {
  if (Node.isReturnTyped(node)) return node.getReturnType();
  if (Node.isPropertySignature(node) || Node.isPropertyDeclaration(node)) return node.getType();
  return undefined;
}

function isNullable(type: Type): boolean {
  return type.isUnion() && type.getUnionTypes().some((part) => part.isNull());
}

function isNumber(type: Type): boolean {
  const parts = type.isUnion() ? type.getUnionTypes() : [type];
  return parts.some((part) => part.isNumber());
}

function isPromise(type: Type): boolean {
  return type.getSymbol()?.getName() === "Promise";
}
