import type { Range } from "../model.js";

/**
 * The pattern of the whole numbers of a range in decimal: a minus if there is one, and no zero in front. No number is
 * matched in two ways, so that matching is linear whatever the range.
 */
export function integersIn({ min, max }: Range): string {
  const below = min < 0 ? naturals(BigInt(Math.max(1, -max)), BigInt(-min)) : [];
  const above = max >= 0 ? naturals(BigInt(Math.max(0, min)), BigInt(max)) : [];
  return [...(below.length === 0 ? [] : [`-${grouped(below)}`]), ...above].join("|");
}

/** The alternatives of the numbers from `low` to `high`, by their lengths. */
function naturals(low: bigint, high: bigint): readonly string[] {
  if (low > high) return [];
  if (low === 0n) return ["0", ...naturals(1n, high)];
  const [first, last] = [String(low).length, String(high).length];
  const lowest = (length: number): string => `1${"0".repeat(length - 1)}`;
  const highest = (length: number): string => "9".repeat(length);
  const whole = (length: number): boolean =>
    low <= BigInt(lowest(length)) && BigInt(highest(length)) <= high;
  const lengths = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const full = lengths.filter(whole);
  const [shortest = 0] = full;
  // 1 to 999 is one alternative: a digit, and up to two more.
  const merged =
    full.length === 0 ? [] : [`[1-9]${digits(shortest - 1, shortest + full.length - 2)}`];
  const within = (length: number): readonly string[] =>
    sameLength(
      length === first ? String(low) : lowest(length),
      length === last ? String(high) : highest(length),
    );
  const partial = lengths.filter((length) => !whole(length));
  return [
    ...partial.filter((length) => length < shortest).flatMap(within),
    ...merged,
    ...partial.filter((length) => length >= shortest).flatMap(within),
  ];
}

/** The alternatives of the numbers between two of one length. */
function sameLength(low: string, high: string): readonly string[] {
  const rest = low.length - 1;
  if (/^0*$/u.test(low) && /^9*$/u.test(high)) return [digits(low.length, low.length)];
  const [from, to] = [Number(low.charAt(0)), Number(high.charAt(0))];
  if (from === to) return [low.charAt(0) + grouped(sameLength(low.slice(1), high.slice(1)))];
  const startsWhole = /^0*$/u.test(low.slice(1));
  const endsWhole = /^9*$/u.test(high.slice(1));
  const [wholeFrom, wholeTo] = [startsWhole ? from : from + 1, endsWhole ? to : to - 1];
  const head = startsWhole
    ? []
    : [low.charAt(0) + grouped(sameLength(low.slice(1), "9".repeat(rest)))];
  const tail = endsWhole
    ? []
    : [high.charAt(0) + grouped(sameLength("0".repeat(rest), high.slice(1)))];
  const middle = wholeFrom > wholeTo ? [] : [digit(wholeFrom, wholeTo) + digits(rest, rest)];
  return [...head, ...middle, ...tail];
}

function digit(from: number, to: number): string {
  if (from === to) return String(from);
  return to === from + 1 ? `[${from}${to}]` : `[${from}-${to}]`;
}

/** So many digits, whichever they are. */
function digits(least: number, most: number): string {
  if (most === 0) return "";
  if (least === most) return most === 1 ? "[0-9]" : `[0-9]{${most}}`;
  return least === 0 && most === 1 ? "[0-9]?" : `[0-9]{${least},${most}}`;
}

function grouped(alternatives: readonly string[]): string {
  return alternatives.length > 1 ? `(?:${alternatives.join("|")})` : alternatives.join("");
}
