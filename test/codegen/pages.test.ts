import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { section } from "../support/documents.js";
import { ROOT } from "../support/root.js";

/** The one output that a section of a page shows. */
function output(page: string, heading: string): string {
  const [shown, ...others] = section(page, heading).filter(({ language }) => language === "");
  expect(others).toEqual([]);
  return shown?.text ?? "";
}

describe("what the documents show of the generator", () => {
  it("is what breaking finds if the template of Barman's cron is another one", async () => {
    const cwd = temporaryDirectory();
    const old = readFileSync(join(ROOT, "locks.yaml"), "utf8");
    writeFileSync(
      join(cwd, "locks.yaml"),
      old.replace("{serverName}-cron.", "{serverName}-crontab."),
    );
    const { code, out } = await cliIn({ cwd, input: old }, "breaking", "--against", "-");
    expect(code).toBe(1);
    expect(out.split("\n\n")[0]).toBe(output("docs/ci.md", "Breaking changes").trimEnd());
  });

  it("is what check finds of two kinds that claim one file", async () => {
    const cwd = temporaryDirectory();
    const kinds = ["QueueLock", "PrinterLock"].map(
      (name) => `  ${name}:\n    template: "{queue}.lock"\n    description: Protects.\n`,
    );
    const parameters = 'parameters:\n  queue: { pattern: "[a-z]+", examples: [invoices] }\n';
    const spec = `catalogue: printers\noutput: locks\n${parameters}locks:\n${kinds.join("")}`;
    writeFileSync(join(cwd, "locks.yaml"), spec);
    const { code, out, err } = await cliIn({ cwd }, "check");
    expect(code).toBe(1);
    const [found] = (out + err).split("\n\n");
    expect(found).toBe(output("docs/spec.md", "What is wrong with a spec").trimEnd());
  });
});
