import { asCommands } from "./github.js";
import { asMarkdown, type Detail } from "./markdown.js";
import { inRepository } from "./paths.js";
import { asSarif, type Run } from "./sarif.js";

export type { Detail } from "./markdown.js";
export { problemResults, type Result, type Rules, SPEC_RULES, TOOL } from "./result.js";

/** A document for other tools. */
export type Format = "json" | "github" | "sarif" | "markdown";

/** What a command found, before it is printed. */
export interface Findings extends Run {
  /** What was found, in a sentence. */
  readonly title: string;
  /** What is too long for a list. */
  readonly details: readonly Detail[];
  /** What JSON has of it. */
  readonly data: object;
}

/** What prints what a command found. Nothing of a format is made until it is asked for. */
export function printer(findings: Findings): (format: Format) => string {
  const { command, title, results, details, data, cwd } = findings;
  return (format) => {
    switch (format) {
      case "json":
        return `${JSON.stringify(data, null, 2)}\n`;
      case "github":
        return asCommands(results, (file) => inRepository(file, cwd));
      case "sarif":
        return asSarif(findings);
      case "markdown":
        return asMarkdown(command, title, results, details);
    }
  };
}
