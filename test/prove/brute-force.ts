import fc from "fast-check";
import type { CatalogueSpec, Kind, Range } from "../../codegen/model.js";
import { type ExplicitKind, type ParameterSketch, specOf } from "./spec.js";

/**
 * The oracle of the proofs: it enumerates names and reads them with plain regular expressions. Patterns tell
 * apart `a`, `b`, `-` and everything else, so that with `c` for everything else the four letters give every
 * shortest witness.
 */
const LETTERS: readonly string[] = ["a", "b", "-", "c"];

/** The letters where parameters are numbers, whose patterns tell apart 0, 1, `-`, other digits and everything else. */
export const DIGITS: readonly string[] = ["0", "1", "-", "2", "a"];

/** All words over some letters up to a length, shortest first, without the empty one. */
export function words(length: number, letters: readonly string[] = LETTERS): string[] {
  const all: string[] = [];
  let level = [""];
  for (let at = 0; at < length; at++) {
    level = level.flatMap((word) => letters.map((letter) => word + letter));
    all.push(...level);
  }
  return all;
}

const nested: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom("a", "b", "-", "[ab]", "[^-]", "[a-]"),
    fc.tuple(tie("node"), tie("node")).map(([left, right]) => left + right),
    fc.tuple(tie("node"), tie("node")).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie("node"), fc.constantFrom("?", "*", "+", "{2}", "{1,2}", "{0,3}", "+?"))
      .map(([body, quantifier]) => `(?:${body})${quantifier}`),
  ),
})).node;

/** A regex over the letters that never matches the empty text; half of them such as people write. */
export const pattern: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("a", "[ab]", "[ab]+", "[^-]+", "a+b?", "[^b]{1,2}", "a[ab]*", "(?:a|b-)+"),
  nested.filter((source) => !new RegExp(`^(?:${source})$`, "u").test("")),
);

const between = ["", "-", "-", "a", "-a", "b-"];

/** A template over the parameters p, q and r, each at most once, with or without literals between. */
function templateWith(literals: readonly string[]): fc.Arbitrary<string> {
  const literal = fc.constantFrom(...literals);
  return fc
    .tuple(
      fc.shuffledSubarray(["{p}", "{q}", "{r}"], { minLength: 0, maxLength: 2 }),
      fc.tuple(literal, literal, literal),
    )
    .map(([values, [first, ...rest]]) => {
      const text = first + values.map((value, index) => value + (rest[index] ?? "")).join("");
      return text === "" ? "a" : text;
    });
}

/** A list of values, which may begin alike, as one text or two in a row. */
const list: fc.Arbitrary<{ readonly values: readonly string[] }> = fc
  .uniqueArray(fc.constantFrom("a", "b", "ab", "a-", "-b", "aa", "b-a"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((values) => ({ values }));
const patternOrList = fc.oneof(pattern, list);

/** A catalogue of two to five kinds over three parameters, one of which may hold anything. */
export const catalogue: fc.Arbitrary<CatalogueSpec> = catalogueOver(pattern);

/** The same, in which many parameters have a list of values. */
export const listed: fc.Arbitrary<CatalogueSpec> = catalogueOver(patternOrList);

/** The same, in which parameters are whole numbers, or patterns and lists of digits. */
export const numbered: fc.Arbitrary<CatalogueSpec> = catalogueOver(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          [0, 1],
          [0, 11],
          [-1, 10],
          [1, 101],
          [-11, -1],
          [0, 999],
          [-101, 111],
          [10, 19],
        )
        .map(([min = 0, max = 0]) => ({ range: { min, max } })),
    },
    { weight: 1, arbitrary: fc.constantFrom("[01]+", "[^-]+", "-?[0-9]", "1[01]*", "0+") },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.constantFrom("0", "1", "-1", "01", "10", "11"), { minLength: 1 })
        .map((values) => ({ values })),
    },
  ),
  ["", "-", "-", "a", "-a", "1", "0"],
);

function catalogueOver(
  values: fc.Arbitrary<ParameterSketch>,
  literals: readonly string[] = between,
): fc.Arbitrary<CatalogueSpec> {
  return fc
    .record({
      parameters: fc.record({
        p: values,
        q: values,
        r: fc.option(values, { nil: null }),
      }),
      sketches: fc.array(
        fc.record({
          template: templateWith(literals),
          readable: fc.nat(7).map((dice) => dice > 0),
          directory: fc.constantFrom(null, null, null, "/a", "/a", "/b"),
          precedes: fc.oneof(
            fc.constant<string[]>([]),
            fc.subarray(["A", "B", "C", "D", "E"], { maxLength: 2 }),
          ),
        }),
        { minLength: 2, maxLength: 5 },
      ),
    })
    .map(({ parameters, sketches }) => {
      const names = ["A", "B", "C", "D", "E"].slice(0, sketches.length);
      const kinds = sketches.map((sketch, index): [string, ExplicitKind] => [
        names[index] ?? "",
        { ...sketch, precedes: sketch.precedes.filter((name) => names.includes(name)) },
      ]);
      return specOf(parameters, Object.fromEntries(withoutCircles(kinds)));
    });
}

/** A catalogue of these, and its kinds in any order. */
export function withKindsInAnyOrder(
  specs: fc.Arbitrary<CatalogueSpec>,
): fc.Arbitrary<[CatalogueSpec, CatalogueSpec["kinds"]]> {
  return specs.chain((spec) =>
    fc.tuple(
      fc.constant(spec),
      fc.shuffledSubarray([...spec.kinds], { minLength: spec.kinds.length }),
    ),
  );
}

/** A catalogue whose kinds have a handful of names each, so that nearly all of them share some. */
export const crowded: fc.Arbitrary<CatalogueSpec> = fc
  .record({
    values: fc.array(fc.subarray(["a", "b", "ab", "ba"], { minLength: 1 }), {
      minLength: 3,
      maxLength: 3,
    }),
    sketches: fc.array(
      fc.record({
        template: fc.constantFrom("-{p}", "-{q}", "-{r}", "-a", "-ab"),
        readable: fc.nat(15).map((dice) => dice > 0),
        directory: fc.constantFrom(null, null, null, null, "/a", "/b"),
        precedes: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      }),
      { minLength: 2, maxLength: 5 },
    ),
  })
  .map(({ values: [p = [], q = [], r = []], sketches }) => {
    const names = ["A", "B", "C", "D", "E"].slice(0, sketches.length);
    const kinds = sketches.map(({ precedes, ...sketch }, index): [string, ExplicitKind] => [
      names[index] ?? "",
      {
        ...sketch,
        precedes: names.filter((_, other) => precedes[other] === true && other !== index),
      },
    ]);
    return specOf(
      { p: { values: p }, q: { values: q }, r: { pattern: `(?:${r.join("|")})`, examples: [] } },
      Object.fromEntries(withoutCircles(kinds)),
    );
  });

/**
 * A catalogue in which the narrowest kind comes before a wider one by itself, and last by what two others
 * declare; or nearly so. Kinds that cannot be put in an order are rare among the others.
 */
export const turning: fc.Arbitrary<CatalogueSpec> = fc
  .record({
    values: fc.shuffledSubarray(["a", "b", "ab", "ba"], { minLength: 4 }),
    declared: fc.tuple(fc.nat(7), fc.nat(7)).map((dice) => dice.map((one) => one > 0)),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  })
  .map(({ values: [first = "", second = "", third = "", fourth = ""], declared, order }) => {
    const narrow = [first, second];
    const wide = [first, second, third];
    const other = [second, fourth];
    const kinds: [string, ExplicitKind][] = [
      ["A", { template: "-{p}" }],
      ["B", { template: "-{q}", precedes: declared[0] === true ? ["C"] : [] }],
      ["C", { template: "-{r}", precedes: declared[1] === true ? ["A"] : [] }],
    ];
    const either = (list: readonly string[]): string => `(?:${list.join("|")})`;
    return specOf(
      { p: either(narrow), q: either(wide), r: either(other) },
      Object.fromEntries(order.flatMap((at) => kinds.slice(at, at + 1))),
    );
  });

/** A spec whose `precedes` goes round in a circle never comes as far as the proofs: drops what closes one. */
function withoutCircles(kinds: readonly [string, ExplicitKind][]): [string, ExplicitKind][] {
  const later = new Map<string, string[]>();
  const leads = (from: string, to: string): boolean =>
    from === to || (later.get(from) ?? []).some((next) => leads(next, to));
  return kinds.map(([name, sketch]) => {
    const kept: string[] = [];
    later.set(name, kept);
    for (const other of sketch.precedes ?? []) if (!leads(other, name)) kept.push(other);
    return [name, { ...sketch, precedes: kept }];
  });
}

/** A regex for the values of a parameter; values and numbers one by one, the longest first. */
function sourceOf(parameter: string, spec: CatalogueSpec): string {
  const { values: listed, range, pattern } = spec.parameters.get(parameter) ?? {};
  const values = range ? numbersIn(range) : listed;
  if (!values) return pattern ?? "[^/]+";
  return `(?:${values.toSorted((a, b) => b.length - a.length).join("|")})`;
}

function numbersIn({ min, max }: Range): readonly string[] {
  return Array.from({ length: max - min + 1 }, (_, at) => String(min + at));
}

/** The regex that the generator emits for a kind, group by group. */
export function regexOf(kind: Kind, spec: CatalogueSpec): RegExp {
  const source = kind.tokens.map((token) =>
    "literal" in token
      ? token.literal.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&")
      : `(?<${token.parameter}>${sourceOf(token.parameter, spec)})`,
  );
  return new RegExp(`^${source.join("")}$`, "u");
}

/** All readings of a name, by trying every place to cut it. */
export function cuts(kind: Kind, spec: CatalogueSpec, name: string): string[][] {
  const fits = (index: number, rest: string): string[][] => {
    const token = kind.tokens[index];
    if (token === undefined) return rest === "" ? [[]] : [];
    if ("literal" in token) {
      return rest.startsWith(token.literal)
        ? fits(index + 1, rest.slice(token.literal.length))
        : [];
    }
    const source = sourceOf(token.parameter, spec);
    const whole = new RegExp(`^(?:${source})$`, "u");
    const found: string[][] = [];
    for (let length = 1; length <= rest.length; length++) {
      if (!whole.test(rest.slice(0, length))) continue;
      for (const more of fits(index + 1, rest.slice(length)))
        found.push([rest.slice(0, length), ...more]);
    }
    return found;
  };
  return fits(0, name);
}
