import type { CatalogueSpec, Kind, Parameter, Range, Token } from "../../codegen/model.js";
import { integersIn } from "../../codegen/spec/integer-pattern.js";
import { anyOf } from "../../codegen/spec/pattern.js";

/** What a test says of a kind; a string is its template. */
export type KindSketch = string | ExplicitKind;

/** A kind with more to it than its template. */
export interface ExplicitKind {
  readonly template: string;
  readonly precedes?: readonly string[];
  readonly readable?: boolean;
  /** A fixed directory; `null`, or none, if the program says. */
  readonly directory?: string | null;
}

/** What a test says of a parameter: a pattern, or `null` for any value, and examples. */
export type ParameterSketch =
  | string
  | null
  | {
      readonly pattern: string | null;
      readonly examples: readonly string[];
    }
  | { readonly values: readonly string[] }
  | { readonly range: Range };

/**
 * A catalogue as the reader would hand it on. The source text lists the kinds, a line each, so that every place
 * is the text of what it stands for and tests can show it.
 */
export function specOf(
  parameters: Readonly<Record<string, ParameterSketch>>,
  kinds: Readonly<Record<string, KindSketch>>,
): CatalogueSpec {
  let text = "";
  const write = (words: string): { start: number; end: number } => {
    const start = text.length;
    text += words;
    return { start, end: text.length };
  };
  const place = (words: string): { start: number; end: number } => {
    const found = write(words);
    write("\n");
    return found;
  };
  const read = Object.entries(parameters).map(([name, sketch]): [string, Parameter] => {
    const said = sketch === null || typeof sketch === "string" ? { pattern: sketch } : sketch;
    const values = "values" in said ? said.values : null;
    const range = "range" in said ? said.range : null;
    const pattern =
      "pattern" in said ? said.pattern : range === null ? anyOf(values ?? []) : integersIn(range);
    const examples = "examples" in said ? said.examples : (values ?? []);
    const ownPlace = place(name);
    const patternPlace = pattern === null ? ownPlace : place(pattern);
    return [
      name,
      { name, description: null, pattern, values, range, patternPlace, examples, place: ownPlace },
    ];
  });
  return {
    parameters: new Map(read),
    kinds: Object.entries(kinds).map(([name, sketch]): Kind => {
      const {
        template,
        precedes = [],
        readable = true,
        directory = null,
      } = typeof sketch === "string" ? { template: sketch } : sketch;
      const tokens = tokensOf(template);
      return {
        name,
        template,
        tokens,
        parameters: tokens.flatMap((token) => ("parameter" in token ? [token.parameter] : [])),
        directory:
          directory === null ? null : { path: directory, env: null, place: { start: 0, end: 0 } },
        rights: null,
        description: `Protects ${name}.`,
        wait: false,
        raiseIfFail: true,
        stamp: "pid",
        shared: false,
        named: false,
        readable,
        deprecated: null,
        place: place(name),
        origin: null,
        templatePlace: place(template),
        before: [],
        rank: null,
        precedes: precedes.map((other) => ({ name: other, place: place(`precedes: ${other}`) })),
      };
    }),
    acceptances: [],
    beside: [],
    namePlace: { start: 0, end: 0 },
    kindsPlace: { start: 0, end: 0 },
    source: { file: "test.yaml", text },
    name: "test",
    description: null,
    banner: null,
    output: "generated",
    language: "typescript",
    imports: ".js",
    tests: null,
    runtime: "lock-catalogue",
  };
}

/** Splits a template without literal braces. */
function tokensOf(template: string): Token[] {
  return template
    .split(/(\{\w+\})/u)
    .filter((part) => part !== "")
    .map((part) => (/^\{.*\}$/u.test(part) ? { parameter: part.slice(1, -1) } : { literal: part }));
}

/** Barman's ten kinds. */
export const BARMAN: CatalogueSpec = specOf(
  {
    serverName: { pattern: null, examples: ["main", "pg-main"] },
    backupId: { pattern: "[^-]+", examples: ["20260101T120000"] },
  },
  {
    GlobalCronLock: ".cron.lock",
    ServerBackupLock: ".{serverName}-backup.lock",
    ServerCronLock: ".{serverName}-cron.lock",
    ServerXLOGDBLock: ".{serverName}-xlogdb.lock",
    ServerWalArchiveLock: ".{serverName}-archive-wal.lock",
    ServerWalReceiveLock: ".{serverName}-receive-wal.lock",
    ServerBackupIdLock: ".{serverName}-{backupId}.lock",
    ServerBackupSyncLock: ".{serverName}-{backupId}-sync-backup.lock",
    ServerWalSyncLock: ".{serverName}-sync-wal.lock",
    ConfigUpdateLock: ".config-update.lock",
  },
);
