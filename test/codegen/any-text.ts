import fc from "fast-check";
import { stringify } from "yaml";

const CATEGORIES =
  "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cf Co Cn".split(" ");

/** A few hundred characters of every general category of Unicode that text can hold. */
const CHARACTERS: readonly (readonly string[])[] = CATEGORIES.map((category) => {
  const isOne = new RegExp(`^\\p{${category}}$`, "u");
  const found: string[] = [];
  for (let code = 0x20; code < 0x110000 && found.length < 400; code += code < 0x3000 ? 1 : 37) {
    const character = String.fromCodePoint(code);
    if (isOne.test(character)) found.push(character);
  }
  return found;
});

/** A character of any category, each as likely as the others. */
const character = fc.constantFrom(...CHARACTERS).chain((list) => fc.constantFrom(...list));

/** What means something to TypeScript, JSDoc, Markdown or the emitter, or once did. */
const fragment = fc.constantFrom(
  ...`*/ /* // /** @deprecated {@link x} @x x@y.z \` \`\` \`@x\` \${x} </code> <b> <!-- --> &lt; &copy; [a](b) [a]: ![a](b) | || \\ \\| \\\\
  * ** _ __ a_b _a_ ~ ~~ ~~x~~ # ## > - -- --- === + 1. 10) 1.2 1) " ' ; $1 $& $\` $x$ :x: https://e.org/_a_/~b~c_d?e_f=*#_g
  (https://e.org/a_b_) https://e.org/a|b https://e.org/, http:// www.e.org/_a_ {{ }} { } %20 %2F /%5E/ \u{e000}0\u{e000} \u{e000}`.split(
    /\s+/u,
  ),
);

const word = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}$/),
  fragment,
  fc
    .array(fc.oneof(character, fragment), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join("")),
);

/** A description: words of anything. */
const anyProse: fc.Arbitrary<string> = fc
  .array(fc.tuple(word, fc.constantFrom(" ", " ", " ", "\n", "\n\n", "\u2028", "\u2029", "\t")), {
    minLength: 1,
    maxLength: 25,
  })
  .map((words) => words.flat().join(""));

/** A piece of a file name. */
const piece = fc
  .array(fc.oneof(character, fragment, fc.constantFrom(" ", "  ", "a", "\\")), { maxLength: 6 })
  .map((parts) => parts.join("").replaceAll("/", "%"));

/** A pattern, in every shape that a linter or a printer might stumble over. */
const pattern = fc.oneof(
  fc.constantFrom(
    ..."[\\w\\.\\-]+ [\\-a\\^]+ [^\\^\\/]+ [^/*]+ [^/`]+ [^'\"`/*]+ [^//]+ [\\[\\]]+ [\\.-\\/a]{2} a\\-?b \\p{Lu}+ (?:a|b)c a|bc .+ \\x41+ \\u{1F600}+ \\$\\{x\\}".split(
      " ",
    ),
    "a  b",
    "[a  b]+",
    "a   +b",
    "a \\  b",
  ),
  fc
    .array(
      fc.oneof(character, fc.constantFrom("a-z", "\\.", "\\-", "\\]", "'", '"', "`", "*", " ")),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .map((parts) => `[${parts.join("")}]+`),
  fc
    .array(fc.oneof(character, fc.constantFrom("  ", "\\.", "'", '"', "`", "(?:x|y)")), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join("")),
);

/** What a spec of two kinds says. */
export interface AnySpec {
  readonly description: string;
  readonly value: {
    readonly description: string;
    readonly pattern?: string;
    readonly examples?: readonly string[];
  };
  readonly first: {
    readonly template: string;
    readonly description: string;
    readonly deprecated?: string;
  };
  readonly second: { readonly template: string; readonly description: string };
}

const braced = (text: string) => text.replace(/[{}]/gu, "$&$&");

/** Specs with anything in every place that takes text; some are not legal. */
export const anySpec: fc.Arbitrary<AnySpec> = fc
  .record({
    description: anyProse,
    value: fc.oneof(
      fc.record({ description: anyProse, pattern }),
      fc.record({ description: anyProse, examples: fc.tuple(piece) }),
    ),
    pieces: fc.tuple(piece, piece, piece),
    prose: fc.tuple(anyProse, anyProse, fc.option(anyProse, { nil: undefined })),
  })
  .map(({ description, value, pieces, prose }) => {
    const [before, after, whole] = pieces.map(braced);
    const [first, second, deprecated] = prose;
    return {
      description,
      value,
      first: {
        template: `a${before}{value}${after}`,
        description: first,
        ...(deprecated === undefined ? {} : { deprecated }),
      },
      second: { template: `b${whole}`, description: second },
    };
  });

/** The YAML of such a spec. */
export function specText({ description, value, first, second }: AnySpec): string {
  return stringify({
    catalogue: "anyText",
    description,
    output: "generated",
    parameters: { value },
    locks: { FirstLock: first, SecondLock: second },
  });
}
