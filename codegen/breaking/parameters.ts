import { NAME_MAX } from "../../src/name.js";
import { inQuotes, quoted, wholeNumber } from "../../src/text.js";
import { languagesOf } from "../automata/languages.js";
import { nameOutside, overlap } from "../automata/overlap.js";
import { shortestWord } from "../automata/pattern-words.js";
import { readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { Kind, Parameter } from "../model.js";
import { spoken } from "../prove/messages.js";
import { spelled } from "../prove/witness.js";
import { decided, type Finding, type Witness } from "./finding.js";
import type { Pair } from "./pairing.js";
import type { Program } from "./program.js";

/** A parameter of the old catalogue, what it is now, and the kinds in which it is so. */
interface Use {
  readonly before: string;
  readonly after: string;
  readonly pairs: readonly Pair[];
}

/** What has changed about the parameters: once for all kinds that a parameter is part of. */
export function parameterFindings(
  pairs: readonly Pair[],
  old: Program,
  now: Program,
): readonly Finding[] {
  return usesOf(pairs).flatMap((use) => {
    const place = defined(now.spec.parameters.get(use.after)).patternPlace;
    return [
      ...renamed(use, old, now),
      ...otherType(use, old, now),
      ...decided({ kinds: kindsOf(use), place }, () => otherValues(use, old, now)),
    ].map((finding) => ({ ...finding, parameter: use.after }));
  });
}

function usesOf(pairs: readonly Pair[]): readonly Use[] {
  const uses = new Map<string, Use & { readonly pairs: Pair[] }>();
  for (const pair of pairs) {
    for (const [before, after] of pair.parameters ?? []) {
      const key = `${before} ${after}`;
      const known = uses.get(key);
      if (known === undefined) uses.set(key, { before, after, pairs: [pair] });
      else known.pairs.push(pair);
    }
  }
  return [...uses.values()];
}

function kindsOf({ pairs }: Use): readonly string[] {
  return pairs.map(({ after }) => after.name);
}

function renamed(use: Use, old: Program, now: Program): readonly Finding[] {
  if (use.before === use.after) return [];
  const pair = defined(use.pairs[0]);
  const name = old.nameOf(pair.before);
  const value = inQuotes(defined(old.valuesOf(pair.before, name).get(use.before)));
  return [
    {
      rule: "parameter-renamed",
      kinds: kindsOf(use),
      message: `the parameter ${use.before} is called ${use.after} now`,
      witness: {
        name,
        old: `reads ${use.before} = ${value} in it`,
        new: `reads ${use.after} = ${value} in it`,
      },
      place: defined(now.spec.parameters.get(use.after)).place,
      oldPlace: defined(old.spec.parameters.get(use.before)).place,
    },
  ];
}

function otherType(use: Use, old: Program, now: Program): readonly Finding[] {
  const before = defined(old.spec.parameters.get(use.before));
  const after = defined(now.spec.parameters.get(use.after));
  if (typeOf(before) === typeOf(after)) return [];
  const pair = defined(use.pairs[0]);
  const name = old.nameOf(pair.before);
  const value = defined(old.valuesOf(pair.before, name).get(use.before));
  const reads = (parameter: Parameter) =>
    `has ${parameter.name} = ${inQuotes(value)} in it as ${typeOf(parameter)}`;
  const taken = now.takes(use.after, value) ? reads(after) : `has ${use.after} as ${typeOf(after)}`;
  return [
    {
      rule: "parameter-type-changed",
      kinds: kindsOf(use),
      message: `${use.after} is ${typeOf(after)} instead of ${typeOf(before)}`,
      witness: { name, old: reads(before), new: taken },
      place: after.patternPlace,
      oldPlace: before.patternPlace,
    },
  ];
}

/** What code has to do with a value of it. */
function typeOf({ values, range }: Parameter): string {
  if (range !== null) return "a number";
  return values === null ? "any text" : "one of a list";
}

/** Whether the values are the same; decided in the kind that has the most room for them. */
function otherValues(use: Use, old: Program, now: Program): readonly Finding[] {
  const before = defined(old.spec.parameters.get(use.before));
  const after = defined(now.spec.parameters.get(use.after));
  if (before.pattern === after.pattern) return [];
  const { pair, fillers } = roomiest(use, old);
  const change = changeOf(use, pair.before, fillers, old, now);
  if (change === null) return [];
  const isWidened = change.rule === "pattern-widened";
  const [taker, refuser] = isWidened ? [now, old] : [old, now];
  const [taken, refused] = isWidened ? [use.after, use.before] : [use.before, use.after];
  const kind = isWidened ? pair.after : pair.before;
  const known = [before, after]
    .flatMap(({ examples }) => examples)
    .find((value) => taker.takes(taken, value) && !refuser.takes(refused, value));
  const name = nameWith(kind, taken, known ?? change.value, taker) ?? change.name;
  const values = taker.valuesOf(kind, name);
  const takes = `locks it as ${kind.name} with ${spoken(values)}`;
  const refuses = `refuses ${refused} = ${inQuotes(defined(values.get(taken)))}, and ${refuser.treatment(name, kind)}`;
  const witness: Witness = isWidened
    ? { name, old: refuses, new: takes }
    : { name, old: takes, new: refuses };
  const amount = MORE_OR_LESS[change.rule];
  const patterns = `${shown(after)} instead of ${shown(before)}`;
  return [
    {
      rule: change.rule,
      kinds: kindsOf(use),
      message: `${use.after} takes ${amount} values: ${patterns}`,
      witness,
      place: after.patternPlace,
      oldPlace: null,
    },
  ];
}

type PatternRule = "pattern-widened" | "pattern-narrowed" | "pattern-changed";

const MORE_OR_LESS: Readonly<Record<PatternRule, string>> = {
  "pattern-widened": "more",
  "pattern-narrowed": "fewer",
  "pattern-changed": "other",
};

/** How the values have changed, with the shortest that one of the programs refuses. */
interface Change {
  readonly rule: PatternRule;
  readonly name: string;
  readonly value: string;
}

/**
 * Compares the names of a kind in which all but one parameter have a fixed value, once with the old
 * pattern and once with the new one. Values that no name has room for thus play no part.
 */
function changeOf(
  use: Use,
  kind: Kind,
  fillers: ReadonlyMap<string, string>,
  old: Program,
  now: Program,
): Change | null {
  const probe = (parameter: string): Kind => ({
    ...kind,
    parameters: [parameter],
    tokens: kind.tokens.map((token) => {
      if ("literal" in token) return token;
      if (token.parameter === use.before) return { parameter };
      return { literal: defined(fillers.get(token.parameter)) };
    }),
  });
  const [before, after] = [probe(use.before), probe(use.after)];
  const languages = languagesOf({ ...old.spec, kinds: [before] }, { ...now.spec, kinds: [after] });
  const [first, second] = [languages.of(before), languages.of(after)];
  const common = overlap(first, second);
  const onlyOld = common === null ? nameOutside(first) : common.onlyFirst;
  const onlyNew = common === null ? nameOutside(second) : common.onlySecond;
  const valueIn = (probed: Kind, parameter: string, name: string): string => {
    const [reading] = readings(probed, languages.of(probed), name);
    return defined(defined(reading).get(parameter));
  };
  if (onlyOld !== null) {
    const rule = onlyNew === null ? "pattern-narrowed" : "pattern-changed";
    return { rule, name: onlyOld, value: valueIn(before, use.before, onlyOld) };
  }
  if (onlyNew === null) return null;
  return { rule: "pattern-widened", name: onlyNew, value: valueIn(after, use.after, onlyNew) };
}

/** The use with the shortest remainder of a name, and the shortest values for what is in it. */
function roomiest(
  { before, pairs }: Use,
  { spec }: Program,
): { readonly pair: Pair; readonly fillers: ReadonlyMap<string, string> } {
  const words = new Map<string, string>();
  const wordOf = (parameter: string): string => {
    const word =
      words.get(parameter) ??
      defined(shortestWord(defined(spec.parameters.get(parameter)).pattern));
    words.set(parameter, word);
    return word;
  };
  const [best] = pairs
    .map((pair) => {
      const others = pair.before.parameters.filter((parameter) => parameter !== before);
      const fillers = new Map(others.map((parameter) => [parameter, wordOf(parameter)]));
      const length = Buffer.byteLength(spelled(pair.before, fillers));
      return { pair, fillers, length };
    })
    .sort((a, b) => a.length - b.length);
  return defined(best);
}

/** A name that a person knows with one of its values replaced, if it fits and is a name. */
function nameWith(kind: Kind, parameter: string, value: string, program: Program): string | null {
  const values = new Map(program.valuesOf(kind, program.nameOf(kind)));
  const name = spelled(kind, values.set(parameter, value));
  const fits = Buffer.byteLength(name) <= NAME_MAX;
  return fits && program.accepts(kind, name) ? name : null;
}

function shown({ pattern, values, range }: Parameter): string {
  if (range !== null) return wholeNumber(range);
  if (values !== null) return values.map(quoted).join(", ");
  return pattern === null ? "any" : inQuotes(pattern);
}
