import { defined } from "../defined.js";

/**
 * The order in which the formatter wants imported and exported names: letter by letter, `_` and `$`
 * first, then digits, then letters with the capital before the small one; runs of digits by their
 * length, then by their digits.
 */
export function inImportOrder(a: string, b: string): number {
  const left = defined(a.match(PART));
  const right = defined(b.match(PART));
  for (let index = 0; ; index++) {
    const x = left[index];
    const y = right[index];
    if (x === undefined || y === undefined) return left.length - right.length;
    if (x === y) continue;
    if (isDigits(x) && isDigits(y)) return x.length - y.length || (x < y ? -1 : 1);
    return rank(x) - rank(y);
  }
}

const PART = /\d+|\D/gu;

function isDigits(part: string): boolean {
  return /^\d/u.test(part);
}

function rank(part: string): number {
  if (part === "_") return 0;
  if (part === "$") return 1;
  if (isDigits(part)) return 2;
  const isSmall = part === part.toLowerCase();
  return 3 + 2 * part.toLowerCase().charCodeAt(0) + (isSmall ? 1 : 0);
}
