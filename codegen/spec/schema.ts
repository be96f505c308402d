import { z } from "zod";
import { RULE_NAMES, type Rule } from "../rules.js";
import { VARIABLE } from "./check-directories.js";
import { IDENTIFIER, LONGEST_NAME } from "./check-names.js";
import { GREATEST_GROUP, GROUP, MODE } from "./check-rights.js";

/**
 * What a spec looks like, key by key: the one source of the validator and of the JSON Schema that
 * editors use. The descriptions are what an editor shows. What regards several keys at once is
 * checked in `validate.ts`.
 */
const name = () => z.string().meta({ pattern: IDENTIFIER.source, maxLength: LONGEST_NAME });
const sentence = () => z.string().min(1);

const path = () => z.string().min(1).meta({ pattern: "^/" });
const directory = (otherwise: string) =>
  z
    .union([
      path(),
      z.strictObject({
        default: path().describe("The absolute path of the directory if the variable is not set."),
        env: z
          .string()
          .min(1)
          .meta({ pattern: VARIABLE.source })
          .describe("The environment variable that may hold the absolute path of another one."),
      }),
    ])
    .optional()
    .describe(
      `The lock directory: an absolute path, or { default: …, env: … } if an environment variable may name another one. ${otherwise}`,
    );

const mode = (otherwise: string) =>
  z
    .string()
    .min(1)
    .meta({ pattern: MODE.source })
    .optional()
    .describe(
      `Who may read and write a lock file that is created, in octal and in quotes: "0660". ${otherwise}`,
    );
const group = (otherwise: string) =>
  z
    .union([
      z.string().min(1).meta({ pattern: GROUP.source }),
      z.int().meta({ minimum: 0, maximum: GREATEST_GROUP }),
    ])
    .optional()
    .describe(
      `The group of a lock file that is created, by name or number; with "mode". ${otherwise}`,
    );

const parameter = z.strictObject({
  description: sentence().optional().describe("What the parameter means, for people who use it."),
  pattern: z
    .string()
    .min(1)
    .optional()
    .describe(
      "What a value may contain: the body of a JavaScript regular expression (flag u) without anchors, captures, " +
        "look-around and back-references. Without it, a value may hold any character of a file name.",
    ),
  values: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("The only values there are, instead of a pattern: a union type in the code."),
  type: z
    .enum(["string", "integer"])
    .default("string")
    .describe("What a value is in the code; an integer is written without zeros in front."),
  min: z.int().optional().describe("The smallest integer. Default: the smallest safe one."),
  max: z.int().optional().describe("The greatest integer. Default: the greatest safe one."),
  examples: z
    .array(z.union([z.string().min(1), z.int()]))
    .min(1)
    .optional()
    .describe("Legal values, for the documentation and the generated tests."),
});

const deprecation = z.strictObject({
  since: sentence().optional().describe("The version since which the kind is deprecated."),
  use: name().optional().describe("The kind to use instead, which is not deprecated itself."),
  note: sentence().optional().describe("What else there is to say, in a sentence."),
});

const kind = z.strictObject({
  template: z
    .string()
    .min(1)
    .describe(
      'The file name: literal text and {parameter}s; "{{" and "}}" are literal braces. Quote it if it begins with "{".',
    ),
  description: sentence().describe("What the lock protects, in a sentence."),
  directory: directory("Default: as the catalogue says."),
  mode: mode("Default: as the catalogue says."),
  group: group("Default: as the catalogue says."),
  wait: z
    .boolean()
    .default(false)
    .describe("Whether acquiring waits for the holder by default. Default: false."),
  raiseIfFail: z
    .boolean()
    .default(true)
    .describe(
      "Whether a failed acquire throws by default, instead of returning false. Default: true.",
    ),
  stamp: z
    .enum(["pid", "none"])
    .default("pid")
    .describe(
      "What the holder writes into the file: its PID, or nothing, where the file holds what another program wrote. Default: pid.",
    ),
  shared: z
    .boolean()
    .default(false)
    .describe(
      'Whether programs that only read may hold a lock together, with { mode: "shared" }. Default: false.',
    ),
  named: z
    .boolean()
    .optional()
    .describe(
      "Whether the constructor takes the values in one object, by name. Default: as the catalogue says.",
    ),
  readable: z
    .boolean()
    .default(true)
    .describe("Whether a file name can be read back as this kind. Default: true."),
  deprecated: z
    .union([sentence(), deprecation])
    .optional()
    .describe(
      "Why not to use this kind any more, and what instead: a sentence, or since, use and note.",
    ),
  precedes: z
    .union([name(), z.array(name()).min(1)])
    .optional()
    .describe("Kinds that this one is read before, for names that both accept."),
  before: z
    .union([name(), z.array(name()).min(1)])
    .optional()
    .describe("Kinds whose locks are taken after this one's, where a program holds both."),
});

const acceptance = z.strictObject({
  rule: z.enum(RULE_NAMES).describe("The rule of the finding."),
  lock: z
    .union([name(), z.array(name()).min(1)])
    .optional()
    .describe("The kind that the finding is about, or several of one finding."),
  parameter: name().optional().describe("The parameter that the finding is about."),
  reason: sentence().describe("Why it breaks nothing, in a sentence."),
  date: z.iso.date().describe("The day on which it was accepted, as in 2026-11-26."),
});

const tests = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Their file, relative to this one and inside its directory: test/locks.test.ts. Default: round-trip.test.ts in the output.",
    ),
  runner: z
    .enum(["vitest", "jest", "node", "none"])
    .default("vitest")
    .describe("What runs them; none: there are no tests. Default: vitest."),
});

/** The keys of a parameter, of a lock kind, of its deprecation, of an acceptance, of the tests, of a directory, and of the spec. */
export const TESTS_KEYS: readonly string[] = Object.keys(tests.shape);
export const PARAMETER_KEYS: readonly string[] = Object.keys(parameter.shape);
export const KIND_KEYS: readonly string[] = Object.keys(kind.shape);
export const ACCEPTANCE_KEYS: readonly string[] = Object.keys(acceptance.shape);
export const DEPRECATION_KEYS: readonly string[] = Object.keys(deprecation.shape);
export const DIRECTORY_KEYS: readonly string[] = ["default", "env"];

const spec = z.strictObject({
  $schema: z
    .string()
    .optional()
    .describe("Where an editor finds the JSON Schema of this file. The generator passes over it."),
  catalogue: name().describe("The name of the catalogue object in the generated code."),
  description: sentence().optional().describe("What the catalogue is, in a sentence."),
  output: z
    .string()
    .min(1)
    .describe(
      "The directory of the generated files, relative to this file and inside its directory.",
    ),
  directory: directory("Default: programs say where it is."),
  mode: mode('Default: "0600".'),
  group: group("Default: that of the user or of the directory."),
  runtime: z
    .string()
    .min(1)
    .default("lock-catalogue")
    .describe(
      'The module that the generated files import, as written in them. Default: "lock-catalogue".',
    ),
  language: z
    .enum(["typescript", "javascript"])
    .default("typescript")
    .describe(
      "What is generated: TypeScript, or JavaScript with its .d.ts files. Default: typescript.",
    ),
  imports: z
    .enum([".js", ".ts", ".mjs"])
    .default(".js")
    .describe(
      "How relative imports end: .ts if TypeScript is run as it is, .mjs for JavaScript in a project of CommonJS modules. Default: .js.",
    ),
  tests: tests
    .default({ runner: "vitest" })
    .describe("The generated tests of the names: where they go, and what runs them."),
  banner: sentence()
    .optional()
    .describe(
      "Comments above the header of every generated code file: a licence, or /* eslint-disable */.",
    ),
  named: z
    .boolean()
    .default(false)
    .describe(
      "Whether constructors take the values in one object, by name, so that two cannot be swapped. Default: false.",
    ),
  beside: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'Other catalogues whose locks are in the same directory: "../other/locks.yaml", or a package, as in lock-catalogue/barman.',
    ),
  accept: z
    .array(acceptance)
    .min(1)
    .optional()
    .describe("Findings of `breaking` that are known to break nothing, each with its reason."),
  parameters: z
    .record(name(), parameter)
    .default({})
    .describe("The parameters of the templates, by name.")
    .meta({
      defaultSnippets: [
        {
          label: "a parameter",
          description: "A parameter of templates, with what a value may be.",
          body: {
            "${1:name}": { description: "${2:What it is.}", pattern: "'${3:[a-z]+}'" },
          },
        },
      ],
    }),
  locks: z
    .record(name(), kind)
    .describe("The lock kinds, by class name.")
    .meta({
      minProperties: 1,
      defaultSnippets: [
        {
          label: "a lock kind",
          description: "A kind of lock: its file name, and what it protects.",
          body: {
            "${1:Name}Lock": {
              template: "${2:name}.lock",
              description: "${3:Protects something from two programs.}",
            },
          },
        },
      ],
    }),
});

/** Without the one that is for editors alone. */
export const SPEC_KEYS: readonly string[] = Object.keys(spec.shape).filter(
  (key) => key !== "$schema",
);

/** A spec whose every key has a value of the right type, with the defaults filled in. */
export interface SpecValues {
  readonly catalogue: string;
  readonly description?: string | undefined;
  readonly output: string;
  readonly directory?: DirectoryValue | undefined;
  readonly mode?: string | undefined;
  readonly group?: string | number | undefined;
  readonly runtime: string;
  readonly language: "typescript" | "javascript";
  readonly imports: ".js" | ".ts" | ".mjs";
  readonly tests: TestsValues;
  readonly banner?: string | undefined;
  readonly named: boolean;
  readonly beside?: readonly string[] | undefined;
  readonly accept?: readonly AcceptanceValues[] | undefined;
  readonly parameters: Readonly<Record<string, ParameterValues>>;
  readonly locks: Readonly<Record<string, KindValues>>;
}

interface AcceptanceValues {
  readonly rule: Rule;
  readonly lock?: string | readonly string[] | undefined;
  readonly parameter?: string | undefined;
  readonly reason: string;
  readonly date: string;
}

interface TestsValues {
  readonly file?: string | undefined;
  readonly runner: "vitest" | "jest" | "node" | "none";
}
/** A fixed path, or one that an environment variable may replace. */
export type DirectoryValue = string | { readonly default: string; readonly env: string };

interface ParameterValues {
  readonly description?: string | undefined;
  readonly pattern?: string | undefined;
  readonly values?: readonly string[] | undefined;
  readonly type: "string" | "integer";
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly examples?: readonly (string | number)[] | undefined;
}

interface DeprecationValues {
  readonly since?: string | undefined;
  readonly use?: string | undefined;
  readonly note?: string | undefined;
}

interface KindValues {
  readonly template: string;
  readonly directory?: DirectoryValue | undefined;
  readonly mode?: string | undefined;
  readonly group?: string | number | undefined;
  readonly description: string;
  readonly wait: boolean;
  readonly raiseIfFail: boolean;
  readonly stamp: "pid" | "none";
  readonly shared: boolean;
  readonly named?: boolean | undefined;
  readonly readable: boolean;
  readonly deprecated?: string | DeprecationValues | undefined;
  readonly precedes?: string | readonly string[] | undefined;
  readonly before?: string | readonly string[] | undefined;
}

/** The schema of a whole spec. */
export const specSchema: z.ZodType<SpecValues> = spec;
