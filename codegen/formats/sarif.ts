import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Location, Log, ReportingDescriptor, Result as SarifResult, Suppression } from "sarif";
import { HOME } from "../home.js";
import type { Region } from "../report.js";
import { unplaced } from "./github.js";
import { inRepository } from "./paths.js";
import { type Result, type Rules, TOOL } from "./result.js";

/** What a run is. */
export interface Run {
  /** The command, which tells its runs from those of others on the same code. */
  readonly command: string;
  readonly rules: Rules;
  readonly results: readonly Result[];
  /** Whether it could look at everything. */
  readonly isComplete: boolean;
  readonly cwd: string;
}

/** Results in SARIF 2.1.0, the format of code scanning. */
export function asSarif({ command, rules, results, isComplete, cwd }: Run): string {
  const names = Object.keys(rules);
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: TOOL,
            informationUri: HOME,
            rules: names.map((name) => descriptor(name, rules)),
          },
        },
        automationDetails: { id: `${TOOL}/${command}/` },
        columnKind: "unicodeCodePoints",
        invocations: [{ executionSuccessful: isComplete }],
        results: results.map((result) => toSarif(result, names.indexOf(result.rule), cwd)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

function descriptor(id: string, rules: Rules): ReportingDescriptor {
  const { level = "error", about = "" } = rules[id] ?? {};
  const text = `${about.charAt(0).toUpperCase()}${about.slice(1)}.`;
  return {
    id,
    shortDescription: { text },
    helpUri: `${HOME}/blob/main/docs/ci.md#rules`,
    defaultConfiguration: { level },
  };
}

function toSarif(result: Result, ruleIndex: number, cwd: string): SarifResult {
  const { rule: ruleId, level, message, at, related, accepted, properties } = result;
  const location = at === null ? null : toLocation(at, cwd);
  const text = at !== null && location === null ? unplaced(at, message) : message;
  const others = related.flatMap((other) => {
    const place = toLocation(other.at, cwd);
    return place === null ? [] : [{ ...place, message: { text: other.message } }];
  });
  return {
    ruleId,
    ruleIndex,
    level,
    message: { text },
    ...(location === null ? {} : { locations: [location] }),
    ...(others.length === 0 ? {} : { relatedLocations: others }),
    ...(accepted === undefined ? {} : { suppressions: [suppression(accepted)] }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

function suppression(justification: string): Suppression {
  return { kind: "inSource", status: "accepted", justification };
}

/** Standard input is no place that anybody could go to. */
function toLocation(
  { file, line, column, endLine, endColumn }: Region,
  cwd: string,
): Location | null {
  if (file === "-") return null;
  const shown = inRepository(file, cwd);
  const artifactLocation =
    shown === null
      ? { uri: pathToFileURL(path.resolve(cwd, file)).href }
      : { uri: shown.split(path.sep).map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return { physicalLocation: { artifactLocation, region } };
}
