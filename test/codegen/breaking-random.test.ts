import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, type Proven } from "../../codegen/breaking/compare.js";
import type { Finding } from "../../codegen/breaking/finding.js";
import type { CatalogueSpec, Kind } from "../../codegen/model.js";
import { prove } from "../../codegen/prove/index.js";
import {
  catalogue,
  crowded,
  cuts,
  listed,
  regexOf,
  withKindsInAnyOrder,
  words,
} from "../prove/brute-force.js";

const SEED = 20_260_303;
const WORDS = words(5);
/** Words of at most four letters, for what takes long. */
const FEW = words(4).length;

/** A catalogue and one in which something is as in a third. */
const change: fc.Arbitrary<readonly [CatalogueSpec, CatalogueSpec]> = fc
  .record({
    before: fc.oneof(catalogue, listed, crowded),
    other: fc.oneof(catalogue, listed, crowded),
    what: fc.constantFrom(
      "pattern",
      "template",
      "precedes",
      "turn",
      "readable",
      "drop",
      "add",
      "add",
      "rename",
    ),
    which: fc.nat(4),
  })
  .map(({ before, other, what, which }) => [before, changed(before, other, what, which)] as const);

function changed(
  before: CatalogueSpec,
  other: CatalogueSpec,
  what: string,
  which: number,
): CatalogueSpec {
  const kinds = [...before.kinds];
  const at = which % kinds.length;
  const kind = kinds[at];
  const donor = other.kinds[which % other.kinds.length];
  if (kind === undefined || donor === undefined) return before;
  const put = (...replacement: readonly Kind[]): CatalogueSpec => ({
    ...before,
    kinds: kinds.toSpliced(at, 1, ...replacement),
  });
  switch (what) {
    case "pattern": {
      const name = ["p", "q", "r"][which % 3] ?? "p";
      const parameter = other.parameters.get(name);
      const parameters = new Map(before.parameters);
      return { ...before, parameters: parameter ? parameters.set(name, parameter) : parameters };
    }
    case "template":
      return put({ ...kind, ...templateOf(donor) });
    case "precedes":
      return put({ ...kind, precedes: donor.precedes.filter(({ name }) => name !== kind.name) });
    case "turn": {
      const turned = ({ name }: Kind) =>
        kinds.flatMap(({ name: other, place, precedes }) =>
          precedes.some((one) => one.name === name) ? [{ name: other, place }] : [],
        );
      return { ...before, kinds: kinds.map((one) => ({ ...one, precedes: turned(one) })) };
    }
    case "readable":
      return put({ ...kind, readable: !kind.readable });
    case "drop":
      return put();
    case "rename":
      return put({ ...kind, name: "F" });
    default:
      return put(kind, { ...donor, name: "F", precedes: [] });
  }
}

function templateOf({ template, tokens, parameters }: Kind): Partial<Kind> {
  return { template, tokens, parameters };
}

/** A catalogue whose proof holds, else `null`; its kinds are its own, as those of a file are. */
function proven(spec: CatalogueSpec): Proven | null {
  const own = { ...spec, kinds: structuredClone(spec.kinds) };
  const proof = prove(own);
  return spec.kinds.length > 0 && proof.problems.length === 0 ? { spec: own, proof } : null;
}

/** What a program makes of a name, by regular expressions alone: the kind and its values. */
function identify({ spec, proof }: Proven): (name: string) => string | null {
  const kinds = proof.readingOrder.flatMap((name) => spec.kinds.filter((one) => one.name === name));
  const regexes = kinds.map((kind) => [kind.name, regexOf(kind, spec)] as const);
  return (name) => {
    const reader = regexes.find(([, regex]) => regex.test(name));
    if (reader === undefined) return null;
    return `${reader[0]} ${JSON.stringify(reader[1].exec(name)?.groups ?? {})}`;
  };
}

function named(spec: CatalogueSpec, name: string | undefined): Kind | undefined {
  return spec.kinds.find((kind) => kind.name === name);
}

/** A whole value of a parameter, by its regular expression. */
function takes(spec: CatalogueSpec, parameter: string, value: string): boolean {
  const source = spec.parameters.get(parameter)?.pattern ?? "[^/]+";
  return new RegExp(`^(?:${source})$`, "u").test(value);
}

/** Holds a finding against the regular expressions of the two catalogues. */
function verify({ rule, kinds, witness }: Finding, old: Proven, now: Proven): void {
  const name = witness?.name ?? "";
  const [before, after] = [named(old.spec, kinds[0]), named(now.spec, kinds[0])];
  const cutsOf = ({ spec }: Proven, kind: Kind | undefined): string[][] =>
    kind === undefined ? [] : cuts(kind, spec, name);
  switch (rule) {
    case "kind-removed":
      expect(after).toBeUndefined();
      expect(cutsOf(old, before)).not.toEqual([]);
      break;
    case "template-changed": {
      const [values] = cutsOf(old, before);
      expect(values).toBeDefined();
      const same = before?.parameters.join() === after?.parameters.join();
      // The same values are not what the new kind reads in the name.
      if (same && after?.readable) expect(cutsOf(now, after)).not.toContainEqual(values);
      break;
    }
    case "pattern-narrowed":
    case "pattern-changed":
    case "pattern-widened": {
      const isWidened = rule === "pattern-widened";
      const [taker, refuser] = isWidened ? [now, old] : [old, now];
      // One of the kinds takes the name with a value that the other program refuses.
      const refused = kinds.some((one) => {
        const [kind, other] = [named(taker.spec, one), named(refuser.spec, one)];
        // Parameters of one name are one; the others are so in their order.
        const left = other?.parameters.filter((name) => !kind?.parameters.includes(name));
        const names = kind?.parameters.map((parameter) =>
          other?.parameters.includes(parameter) ? parameter : (left?.shift() ?? ""),
        );
        return cutsOf(taker, kind).some((values) =>
          values.some((value, at) => !takes(refuser.spec, names?.[at] ?? "", value)),
        );
      });
      expect(refused, `${rule} ${name}`).toBe(true);
      break;
    }
    case "reading-order-changed":
    case "names-taken-over":
      expect(identify(old)(name)?.split(" ")[0]).toBe(kinds[1]);
      expect(identify(now)(name)?.split(" ")[0]).toBe(kinds[0]);
      break;
    case "parameter-type-changed": {
      const areLists = ({ spec }: Proven, kind: Kind | undefined) =>
        kind?.parameters.map((parameter) => spec.parameters.get(parameter)?.values !== null);
      expect(areLists(old, before)).not.toEqual(areLists(now, after));
      break;
    }
    case "readable-changed":
      expect(before?.readable).not.toBe(after?.readable);
      break;
    case "parameters-reordered":
    case "parameter-renamed":
      expect(before?.parameters).not.toEqual(after?.parameters);
      break;
    default:
      expect(rule).toBe("kind-renamed");
  }
}

/** Holds it against the regular expressions that nothing was found. */
function agree(old: Proven, now: Proven): void {
  const [was, is] = [identify(old), identify(now)];
  const wrong = WORDS.filter((word) => {
    const answer = was(word);
    // Names that were nobody's may be a new kind's.
    return answer === null ? is(word)?.startsWith("F ") === false : is(word) !== answer;
  });
  expect(wrong).toEqual([]);
  for (const kind of old.spec.kinds) {
    const next = named(now.spec, kind.name);
    if (next === undefined) throw new Error(`${kind.name} is gone`);
    expect(next.readable).toBe(kind.readable);
    // A matcher for each word took a third of the time.
    const cutsOf = ({ spec }: Proven, one: Kind, word: string) =>
      JSON.stringify(cuts(one, spec, word));
    const differing = WORDS.slice(0, FEW).filter(
      (word) => cutsOf(now, next, word) !== cutsOf(old, kind, word),
    );
    expect(differing).toEqual([]);
  }
}

/** Thousands of proofs, on a busy machine. */
const LONGEST_MS = 240_000;

test(
  "every finding holds by plain regular expressions, and without one the programs agree on every name",
  () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(change, ([before, after]) => {
        const [old, now] = [proven(before), proven(after)];
        if (old === null || now === null) return;
        const findings = compare(old, now);
        for (const finding of findings) {
          count(finding.rule);
          verify(finding, old, now);
        }
        if (findings.length > 0) return;
        count("nothing");
        agree(old, now);
      }),
      { seed: SEED, numRuns: 6_000 },
    );
    // What random changes never meet would not be tested.
    const met = [
      "kind-removed kind-renamed names-taken-over nothing parameter-type-changed pattern-changed",
      "pattern-narrowed pattern-widened readable-changed reading-order-changed template-changed",
    ].flatMap((line) => line.split(" "));
    for (const what of met) expect(seen.get(what), what).toBeGreaterThan(5);
  },
  LONGEST_MS,
);

test(
  "a catalogue has nothing breaking against itself, in whatever order its kinds are",
  () => {
    fc.assert(
      fc.property(withKindsInAnyOrder(fc.oneof(catalogue, crowded)), ([spec, kinds]) => {
        const [old, now] = [proven(spec), proven({ ...spec, kinds })];
        if (old === null || now === null) return;
        expect(compare(old, now)).toEqual([]);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  },
  LONGEST_MS,
);
