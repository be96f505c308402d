import { appendFileSync } from "node:fs";

/**
 * `npm test` runs a short form of every torture, which looks for violations only. `npm run torture` runs
 * the long form, with the figures and their bounds as well, and prints them as a table at the end.
 */
export const LONG: boolean = process.env["TORTURE"] === "long";

/** Picks by form. */
export function scale(short: number, long: number): number {
  return LONG ? long : short;
}

/** Random numbers from 0 to 1 that a seed repeats (mulberry32); the seed is printed. */
export function seeded(name: string): () => number {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${name}: SEED=${seed} repeats the random choices`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A line of the table: what was tried, the figure, and its bound. */
export function report(what: string, figure: string, bound: string): void {
  const file = process.env["TORTURE_TABLE"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, figure, bound })}\n`);
}
