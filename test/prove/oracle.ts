import type { CatalogueSpec, Kind } from "../../codegen/model.js";
import { cuts, regexOf, words } from "./brute-force.js";

/** The names that the oracle looks at have at most so many letters. */
export const LONGEST = 5;

/** All names that the oracle looks at. */
export const WORDS: readonly string[] = words(LONGEST);

/** The verdicts on a catalogue, from lists of names: each its sort and its kinds. It knows no automaton. */
export function oracle(spec: CatalogueSpec, all: readonly string[] = WORDS): string[] {
  const found: string[] = [];
  const add = (sort: string, ...kinds: readonly Kind[]): void => {
    found.push([sort, ...new Set(kinds.map(({ name }) => name))].sort().join(" "));
  };
  const names = new Map<Kind, ReadonlySet<string>>();
  for (const kind of spec.kinds) {
    const regex = regexOf(kind, spec);
    const own = all.filter((word) => regex.test(word));
    if (regex.test(".") || regex.test("..")) add("dots", kind);
    else if (own.length === 0) add("nameless", kind);
    else {
      names.set(kind, new Set(own));
      if (kind.readable && own.some((name) => cuts(kind, spec, name).length > 1))
        add("two readings", kind);
    }
  }
  const kinds = [...names.keys()];
  const has = (kind: Kind, name: string): boolean => names.get(kind)?.has(name) === true;
  const areApart = ({ directory: a }: Kind, { directory: b }: Kind): boolean =>
    a !== null && b !== null && a.env === null && b.env === null && a.path !== b.path;
  const shares = (a: Kind, b: Kind): boolean =>
    !areApart(a, b) && [...(names.get(a) ?? [])].some((name) => has(b, name));
  const within = (a: Kind, b: Kind): boolean =>
    [...(names.get(a) ?? [])].every((name) => has(b, name));
  const narrower = (a: Kind, b: Kind): boolean => within(a, b) && !within(b, a);
  const says = (a: Kind, b: Kind): boolean => a.precedes.some(({ name }) => name === b.name);

  const before: [Kind, Kind][] = [];
  kinds.forEach((a, index) => {
    for (const b of kinds.slice(index + 1)) {
      if (!shares(a, b)) continue;
      const [low, high] = narrower(a, b) ? [a, b] : [b, a];
      if (narrower(low, high) && low.readable) before.push([low, high]);
      else if (says(a, b) !== says(b, a)) {
        const [first, second] = says(a, b) ? [a, b] : [b, a];
        if (first.readable || !second.readable) before.push([first, second]);
      } else add(a.readable && b.readable ? "two owners" : "unreadable claim", a, b);
    }
  });
  for (const a of kinds) {
    for (const b of kinds.filter((other) => says(a, other))) {
      if (!shares(a, b)) add("needless precedes", a, b);
      else if (!a.readable && b.readable) add("unreadable precedes", a, b);
      else if (narrower(b, a) && b.readable) add("wider precedes", a, b);
    }
  }
  const readable = kinds.filter((kind) => kind.readable);
  let left = readable;
  for (let last = -1; last !== left.length; ) {
    last = left.length;
    const waiting = left;
    left = left.filter((kind) => before.some(([a, b]) => b === kind && waiting.includes(a)));
  }
  const circular = left.length > 0;
  if (circular) add("circle");
  else {
    for (const kind of readable) {
      const owners = before.filter(([, other]) => other === kind).map(([owner]) => owner);
      const all = [...(names.get(kind) ?? [])];
      const taken = (by: readonly Kind[]): boolean =>
        all.every((name) => by.some((owner) => has(owner, name)));
      if (taken(owners) && !taken(owners.filter((owner) => says(owner, kind))))
        add("owns nothing", kind);
    }
  }
  return found.sort();
}
