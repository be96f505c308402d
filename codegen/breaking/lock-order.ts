import { inQuotes } from "../../src/text.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Place } from "../model.js";
import { byCodeUnit } from "../order.js";
import { decided, type Finding } from "./finding.js";
import type { Pair } from "./pairing.js";
import type { Program } from "./program.js";

/**
 * Kinds whose locks the two programs take in another order: each may then hold what the other waits for. Kinds that
 * only one of them knows play no part, but what is declared through them does.
 */
export function lockOrderFindings(
  pairs: readonly Pair[],
  old: Program,
  now: Program,
): readonly Finding[] {
  const was = declared(old.spec, new Set(pairs.map(({ before }) => before.name)));
  const is = declared(now.spec, new Set(pairs.map(({ after }) => after.name)));
  if (isOrdered(old.spec) && isOrdered(now.spec)) return turned(pairs, was, is, old);
  const ordered = isOrdered(now.spec) ? "after" : "before";
  const edges = ordered === "after" ? is : was;
  const byName = new Map(pairs.map((pair) => [pair[ordered].name, pair]));
  return pairs.flatMap((pair) =>
    Array.from(edges.get(pair[ordered].name) ?? []).flatMap(([name, place]) => {
      const later = defined(byName.get(name));
      const oneWay = (other: string) => `takes it before ${other}`;
      const anyWay = (other: string) => `takes it before or after ${other}`;
      const [first, second] = [pair.after.name, later.after.name];
      return ordered === "after"
        ? finding([pair, later], old, {
            message: `${first} is taken before ${second} now, and was taken in any order`,
            ...{ was: anyWay, is: oneWay, place, oldPlace: null },
          })
        : finding([pair, later], old, {
            message: `${first} is no longer taken before ${second}`,
            ...{ was: oneWay, is: anyWay, place: pair.after.place, oldPlace: place },
          });
    }),
  );
}

/** Kinds that come later, each with the place that says so. */
type Declared = ReadonlyMap<string, ReadonlyMap<string, Place>>;

/** What `before` says of some kinds of a catalogue, also by way of others. */
function declared({ kinds }: CatalogueSpec, known: ReadonlySet<string>): Declared {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const laterThan = (kind: Kind): ReadonlyMap<string, Place> => {
    const found = new Map<string, Place>();
    const passed = new Set<string>();
    const visit = ({ before }: Kind, from: Place | null): void => {
      for (const { name, place } of before) {
        if (known.has(name)) found.set(name, from ?? place);
        else if (!passed.has(name)) {
          passed.add(name);
          visit(defined(byName.get(name)), from ?? place);
        }
      }
    };
    visit(kind, null);
    return found;
  };
  return new Map(kinds.map((kind) => [kind.name, laterThan(kind)]));
}

function isOrdered({ kinds }: CatalogueSpec): boolean {
  return kinds.some(({ rank }) => rank !== null);
}

/**
 * What has changed places in the order of all kinds. As few kinds as possible are told to have moved, each with one
 * that it has passed: best one that the spec names.
 */
function turned(
  pairs: readonly Pair[],
  was: Declared,
  is: Declared,
  old: Program,
): readonly Finding[] {
  const before = pairs.toSorted((a, b) => compareKinds(a.before, b.before));
  const after = pairs.toSorted((a, b) => compareKinds(a.after, b.after));
  const place = new Map(before.map((pair, index) => [pair, index]));
  const places = after.map((pair) => defined(place.get(pair)));
  const stayed = longestRise(places);
  const told = new Set<string>();
  return after.flatMap((moved, index) => {
    if (stayed.has(index)) return [];
    const isPassed = (other: number) =>
      other !== index && other < index !== defined(places[other]) < defined(places[index]);
    const passed = after.filter((_, other) => isPassed(other));
    const named = passed.find((other) => placeOf(moved, other, was, is) !== null);
    const pair = inNewOrder(moved, named ?? defined(passed[0]), after);
    const key = pair.map(({ after: { name } }) => name).join(" ");
    if (told.has(key)) return [];
    told.add(key);
    const [first, second] = pair;
    const names = placeOf(...pair, was, is);
    return finding(pair, old, {
      message: `${first.after.name} is taken before ${second.after.name} now, and was taken after it`,
      was: (other) => `takes it after ${other}`,
      is: (other) => `takes it before ${other}`,
      place: names?.place ?? first.after.place,
      oldPlace: names?.oldPlace ?? null,
    });
  });
}

function inNewOrder(one: Pair, other: Pair, after: readonly Pair[]): readonly [Pair, Pair] {
  return after.indexOf(one) < after.indexOf(other) ? [one, other] : [other, one];
}

/** Where either spec says which of two kinds is taken first; `null` if neither does. */
function placeOf(
  one: Pair,
  other: Pair,
  was: Declared,
  is: Declared,
): { readonly place: Place | null; readonly oldPlace: Place | null } | null {
  const says = (declared: Declared, a: Kind, b: Kind): Place | null =>
    declared.get(a.name)?.get(b.name) ?? declared.get(b.name)?.get(a.name) ?? null;
  const place = says(is, one.after, other.after);
  const oldPlace = says(was, one.before, other.before);
  return place === null && oldPlace === null ? null : { place, oldPlace };
}

/** The order in which locks are taken: the runtime has the same. */
function compareKinds(a: Kind, b: Kind): number {
  return Number(a.rank) - Number(b.rank) || byCodeUnit(a.name, b.name);
}

/** The indexes of as many numbers as possible that grow from one to the next. */
function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  const best: { readonly length: number; readonly previous: number }[] = [];
  let end = -1;
  for (const [index, number] of numbers.entries()) {
    let [length, previous] = [1, -1];
    for (const [earlier, { length: other }] of best.entries()) {
      if (other >= length && defined(numbers[earlier]) < number) {
        [length, previous] = [other + 1, earlier];
      }
    }
    best.push({ length, previous });
    if (end === -1 || length > defined(best[end]).length) end = index;
  }
  const rise = new Set<number>();
  for (let at = end; at !== -1; at = defined(best[at]).previous) rise.add(at);
  return rise;
}

/** The first of the two kinds is what the witness is a name of. */
function finding(
  [{ before: first, after }, { before: second, after: later }]: readonly [Pair, Pair],
  old: Program,
  told: {
    readonly message: string;
    readonly was: (other: string) => string;
    readonly is: (other: string) => string;
    readonly place: Place;
    readonly oldPlace: Place | null;
  },
): readonly Finding[] {
  const kinds = [after.name, later.name];
  return decided({ kinds, place: told.place }, () => {
    const other = `${inQuotes(old.nameOf(second))}, so that each of the two may wait for the other`;
    return [
      {
        rule: "lock-order-changed",
        kinds,
        message: told.message,
        witness: {
          name: old.nameOf(first),
          old: told.was(inQuotes(old.nameOf(second))),
          new: told.is(other),
        },
        place: told.place,
        oldPlace: told.oldPlace,
      },
    ];
  });
}
