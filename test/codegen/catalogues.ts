import fc from "fast-check";
import { stringify } from "yaml";

/**
 * Text that has broken generators: ends of comments, tags, quotes, braces, separators, wide and
 * combining letters, emoji.
 */
const awkward = fc.constantFrom(
  ..."*/ /* // ` `` ${x} @deprecated {@link x} \" ' \\ \\u0041 <b> | * _ # ~~ & [x](y) é é 漢字 😀 ٣ 👩‍👩‍👧".split(
    " ",
  ),
  "\u2028",
  "\u2029",
  "\n",
  "\n\n",
  "\t",
  "\r\n",
  "\u00a0",
  "\u200b",
);
const word = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{1,12}$/) },
  { weight: 1, arbitrary: awkward },
);
const description = fc
  .array(word, { minLength: 1, maxLength: 40 })
  .map((words) => words.join(" "))
  .filter((text) => text.trim() !== "");

const literal = fc.oneof(
  fc.stringMatching(/^[a-z.-]{1,12}$/),
  fc.constantFrom(
    "{{",
    "}}",
    "`",
    '"',
    "'",
    "*",
    "$",
    "\\",
    "(",
    "[",
    "漢字",
    "é",
    "😀",
    " ",
    "|",
    "<x>",
    "#",
  ),
);
const pattern = fc.constantFrom(
  undefined,
  "[a-z]+",
  "[0-9]{1,4}",
  "a|bc|d",
  "[^-/*]+",
  "[^\"'`/]+",
  "\\p{L}+",
  "[a\\-c]+",
  "(?:x|y)z?",
  "[a-z]{1,3}(?:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)?",
);

/** Values of a list, in which a template's separator never stands. */
const values = fc.uniqueArray(
  fc.oneof(
    fc.stringMatching(/^[a-z]{1,12}$/),
    fc.constantFrom("a|b", "{x}", '"', "'", "${x}", "漢字"),
  ),
  { minLength: 1, maxLength: 6 },
);

/** Names of all lengths, among them contextual words, which are legal for parameters. */
const parameterName = fc.oneof(
  fc.constantFrom(
    ..."type from of get set as async string number object name length declare is".split(" "),
  ),
  fc.stringMatching(/^[a-z_$][A-Za-z0-9_$]{0,6}$/),
  fc.stringMatching(/^[a-z][A-Za-z0-9_]{20,63}$/),
);
const kindName = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Z][A-Za-z0-9_$]{2,20}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Z][A-Za-z0-9_$]{50,63}$/) },
);

const kind = fc.record({
  description,
  wait: fc.boolean(),
  raiseIfFail: fc.boolean(),
  stamp: fc.constantFrom("pid", "none"),
  shared: fc.boolean(),
  named: fc.constantFrom(undefined, true, false),
  directory: fc.constantFrom(undefined, undefined, "/var/lib/a", '/run/A "quoted" */ `b`', {
    default: "/",
    env: "LOCKS",
  }),
  rights: fc.constantFrom(
    {},
    {},
    { mode: "640" },
    { mode: "0660", group: "_a-b$" },
    { mode: "0666", group: 34 },
  ),
  readable: fc.boolean(),
  successor: fc.option(fc.record({ since: description, note: description }), { nil: undefined }),
  isFirst: fc.nat(5).map((dice) => dice === 0),
  deprecated: fc.option(description, { nil: undefined }),
  literals: fc.array(literal, { minLength: 1, maxLength: 7 }),
});

/** What the files are, and where the tests go: what one says goes with what the other says. */
const files = fc.oneof(
  fc.constant({}),
  fc.constantFrom(
    { imports: ".ts" },
    { imports: ".ts", tests: { file: "test/any name.test.ts" } },
    { tests: { file: "generated/names.test.ts" } },
    { tests: { file: "locks.test.mts" } },
    { tests: { runner: "none" } },
    { language: "javascript" },
    { language: "javascript", tests: { file: "a/b/c.test.mjs" } },
    { language: "javascript", imports: ".mjs" },
    { language: "javascript", imports: ".mjs", tests: { file: "generated/x/c.test.js" } },
  ),
);

/**
 * Specs as YAML text. Each kind has a number in front and a slash-free separator that no pattern
 * accepts between its parameters, so that most of these catalogues are free of overlaps; what is
 * not is filtered by the caller.
 */
export const catalogueText: fc.Arbitrary<string> = fc
  .record({
    catalogue: fc.oneof(fc.constant("locks"), fc.stringMatching(/^[a-z][A-Za-z0-9]{20,63}$/)),
    description: fc.option(description, { nil: undefined }),
    parameters: fc.uniqueArray(
      fc.record({
        name: parameterName,
        description: fc.option(description, { nil: undefined }),
        said: fc.oneof(
          { weight: 3, arbitrary: pattern.map((body) => ({ pattern: body ?? "[^-]+" })) },
          {
            weight: 1,
            arbitrary: fc.uniqueArray(fc.maxSafeInteger(), { maxLength: 2 }).map((bounds) => {
              const [min, max = min] = bounds.toSorted((a, b) => a - b);
              return { type: "integer", min, max };
            }),
          },
          { weight: 1, arbitrary: values.map((list) => ({ values: list })) },
        ),
      }),
      { selector: ({ name }) => name, maxLength: 9 },
    ),
    kinds: fc.uniqueArray(fc.tuple(kindName, kind), {
      selector: ([name]) => name.toLowerCase(),
      minLength: 1,
      maxLength: 6,
    }),
    spread: fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
    files,
  })
  .map(({ catalogue, description, parameters, kinds, spread, files }) => {
    const names = parameters.map(({ name }) => name);
    const locks = kinds.map(([name, { literals, isFirst, successor, rights, ...rest }], index) => {
      const later = kinds.slice(index + 1).map(([other]) => other);
      const before = isFirst && later.length > 0 ? later : undefined;
      const [use] = kinds.flatMap(([other, { deprecated }]) =>
        other !== name && deprecated === undefined ? [other] : [],
      );
      if (rest.deprecated !== undefined && successor !== undefined && use !== undefined) {
        Object.assign(rest, { deprecated: { ...successor, use } });
      }
      // The first kind uses all of them, so that none is unused.
      const used = index === 0 ? names : names.slice(0, spread[index] ?? 0);
      const parts = used.map(
        (parameter, at) => `{${parameter}}--${literals[at % literals.length]}`,
      );
      return [
        name,
        {
          template: `${index}-${parts.join("--")}${literals.join("")}`,
          before,
          ...rights,
          ...rest,
        },
      ];
    });
    return stringify({
      catalogue,
      description,
      output: "generated",
      ...files,
      parameters: Object.fromEntries(
        parameters.map(({ name, said, ...rest }) => [name, { ...rest, ...said }]),
      ),
      locks: Object.fromEntries(locks),
    });
  });
