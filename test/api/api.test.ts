import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

/** Each entry point of the package, by the name that its report has here. */
const ENTRY_POINTS = {
  "lock-catalogue": "dist/src/index.d.ts",
  barman: "dist/generated/index.d.ts",
  postgres: "dist/src/postgres/index.d.ts",
  testing: "dist/src/testing.d.ts",
  codegen: "dist/codegen/index.d.ts",
};

/** Those that mention the runtime's classes, whose own report has these, and resolves their links. */
const BESIDE: ReadonlySet<string> = new Set(["barman", "testing", "postgres"]);

// `npm run test:update` writes the reports that belong to the built package; review them as what a user of it meets.
describe("the public interface", () => {
  it.each(Object.entries(ENTRY_POINTS))(
    "of %s is the one that was reviewed, and documented",
    async (name, types) => {
      const { report, problems } = extract(join(ROOT, types), !BESIDE.has(name));
      expect(problems).toEqual([]);
      await expect(report).toMatchFileSnapshot(`${name}.api.md`);
    },
  );

  it("has a report for each entry point of the package", () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const types = Object.values<{ types?: string }>(exports).flatMap((entry) => entry.types ?? []);
    expect(Object.values(ENTRY_POINTS).map((file) => `./${file}`)).toEqual(types);
  });
});

interface Extract {
  readonly report: string;
  /** What is undocumented, or links to nothing. */
  readonly problems: readonly string[];
}

/** The report of an entry point; `complete` with the types that it mentions but does not export. */
function extract(types: string, complete: boolean): Extract {
  const reports = temporaryDirectory();
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: types,
      compiler: { overrideTsconfig: { ...TSCONFIG, files: [types] } },
      apiReport: {
        enabled: true,
        reportFileName: "entry.api.md",
        reportFolder: reports,
        reportTempFolder: join(reports, "temporary"),
        includeForgottenExports: complete,
      },
      newlineKind: "lf",
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          // Everything here is public, and a type that is mentioned need not be exported to be in the report.
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.None },
        },
        // The comments are written for editors, which know JSDoc: no hyphen after a parameter's name.
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, "package.json"),
  });
  const problems: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel !== ExtractorLogLevel.Error) return;
      const { sourceFilePath = "", sourceFileLine = 0, messageId, text } = message;
      const line = sourceFilePath === "" ? "" : lineOf(sourceFilePath, sourceFileLine);
      if (messageId === "ae-unresolved-link" && !complete) return;
      if (messageId === "ae-undocumented" && SELF_EVIDENT.test(line)) return;
      problems.push(`${messageId}: ${text} ${line.trim()}`);
    },
  });
  return { report: readFileSync(join(reports, "entry.api.md"), "utf8"), problems };
}

/**
 * What needs no comment: a property that has one value, such as `state: "held"`, and what overrides a documented
 * member of LockFile or of LockFileException, for which editors show the comment from there.
 */
const SELF_EVIDENT =
  /^\s*(?:readonly \w+(?:: | = )(?:"[^"]*"|null);|static readonly (?:CODE|TEMPLATE|LOCK_PATTERN|PARAMETERS|LOCK_ORDER|DEFAULTS): |readonly name: )/u;

function lineOf(file: string, line: number): string {
  return readFileSync(file, "utf8").split("\n")[line - 1] ?? "";
}

const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  },
};
