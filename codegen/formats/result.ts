import type { Problem, Source } from "../model.js";
import { type Region, regionOf } from "../report.js";

/** Something that a command found, in a form that every format can print. */
export interface Result {
  /** Name of what was broken; names never change their meaning. */
  readonly rule: string;
  readonly level: Level;
  /** What it is, in a sentence; further lines say more. */
  readonly message: string;
  /** Where it is; `null` if it has no place. */
  readonly at: Region | null;
  /** Other places that have a part in it. */
  readonly related: readonly { readonly message: string; readonly at: Region }[];
  /** For a list that shows no rule. */
  readonly title: string;
  /** Why it is accepted, where a spec says so. */
  readonly accepted?: string;
  /** What programs may want to know of it besides. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export type Level = "error" | "warning" | "note";

/** What each rule is about, in a sentence without its full stop. */
export type Rules<Name extends string = string> = Readonly<
  Record<Name, { readonly level: Level; readonly about: string }>
>;

/** The rules of every command that reads a spec. */
export const SPEC_RULES: Rules<"invalid-spec" | "same-file-if-folded" | "unmatched-acceptance"> = {
  "invalid-spec": { level: "error", about: "a spec is not valid, or a proof about it fails" },
  "same-file-if-folded": {
    level: "warning",
    about: "kinds whose names are one file where a file system ignores case",
  },
  "unmatched-acceptance": {
    level: "warning",
    about: "a spec accepts what breaking does not find any more",
  },
};

/** The problems of a spec as results. */
export function problemResults(
  problems: readonly Problem[],
  source: Source,
  rule: keyof typeof SPEC_RULES = "invalid-spec",
): Result[] {
  return problems.map(({ place, message, related = [] }) => ({
    rule,
    level: SPEC_RULES[rule].level,
    // Where no level is shown, the message has it.
    message: message.replace(/^warning: /u, ""),
    at: regionOf(source, place),
    related: related.map((other) => ({
      message: other.message,
      at: regionOf(other.source ?? source, other.place),
    })),
    title: TOOL,
    properties: {},
  }));
}

/** The name of this program. */
export const TOOL: string = "lock-catalogue";
