import { NAME_MAX } from "../../src/name.js";
import { defined } from "../defined.js";
import type { Alphabet } from "./alphabet.js";
import { MOST_CONFIGURATIONS, TooComplex } from "./limits.js";

/** A configuration that a search reached, and how. */
export interface Step {
  readonly configuration: number;
  readonly bytes: number;
  readonly symbol: number;
  readonly before: Step | null;
}

/** Calls `visit` for every way out of a configuration. */
export type Expand = (configuration: number, visit: (symbol: number, to: number) => void) => void;

/**
 * Visits every configuration that a name of at most 255 bytes leads to, each once, over a name with as few
 * bytes as possible. The first visited configuration that answers a question thus carries the shortest
 * witness; if none answers it, no file name does.
 */
export function* reach(start: number, expand: Expand, alphabet: Alphabet): Generator<Step> {
  const byBytes: Step[][] = [[{ configuration: start, bytes: 0, symbol: 0, before: null }]];
  const seen = new Set<number>();
  // Buckets are filled beyond the one that is read, never before it.
  for (let bytes = 0; bytes < byBytes.length; bytes++) {
    const bucket = byBytes[bytes];
    if (bucket === undefined) continue;
    for (const step of bucket) {
      if (seen.has(step.configuration)) continue;
      seen.add(step.configuration);
      if (seen.size > MOST_CONFIGURATIONS) throw new TooComplex("its automata are too large");
      yield step;
      expand(step.configuration, (symbol, configuration) => {
        const total = bytes + defined(alphabet.bytes[symbol]);
        if (total > NAME_MAX || seen.has(configuration)) return;
        const next = { configuration, bytes: total, symbol, before: step };
        const later = byBytes[total];
        if (later === undefined) byBytes[total] = [next];
        else later.push(next);
      });
    }
    delete byBytes[bytes];
  }
}

/** The name that led to a configuration. */
export function nameOf(step: Step, alphabet: Alphabet): string {
  let name = "";
  for (let at = step; at.before !== null; at = at.before)
    name = `${alphabet.sample[at.symbol]}${name}`;
  return name;
}

/** The last step of a search whose configuration satisfies `found`, or `null`. */
export function firstStep(
  steps: Iterable<Step>,
  found: (configuration: number) => boolean,
): Step | null {
  for (const step of steps) if (found(step.configuration)) return step;
  return null;
}
