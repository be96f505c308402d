import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shown } from "../support/documents.js";
import { ROOT } from "../support/root.js";
import { generated, NAMES, spec } from "./printers.js";
import { Project, Workshop } from "./workshop.js";

const BEHAVIOUR = readFileSync(join(ROOT, "test/package/behaviour.mjs"), "utf8");

const TEST = `
import { CASES, EXPECTED, outcomeOf } from "./behaviour.mjs";
const { expect, test } = globalThis;
for (const name of Object.keys(CASES)) {
  test(name, async () => expect(await outcomeOf(name)).toEqual(EXPECTED[name]), 60_000);
}
`;

/** As documented for tests that are CommonJS modules. */
const COMMON_JS = `
test("an import in a CommonJS module", async () => {
  const { LockFile } = await import("lock-catalogue");
  const lock = new LockFile("common.lock");
  expect(await lock.acquire()).toBe(true);
  await expect(new LockFile("common.lock").acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
  lock.release();
});
`;

/**
 * Runners that give each test file a realm of its own: there the system's errors are no instances of the Error that the
 * library sees.
 */
describe("the library behaves the same", () => {
  const project = new Workshop().project(
    "runners",
    { type: "module" },
    { packages: ["vitest@4", "jest@30"] },
  );
  project.write("behaviour.mjs", BEHAVIOUR);
  project.write("behaviour.test.mjs", TEST);
  project.write("common.test.cjs", COMMON_JS);
  const count = (BEHAVIOUR.match(/^ {2}async "/gm) ?? []).length;
  const env = { NO_COLOR: "1", FORCE_COLOR: undefined, CI: undefined };

  it("in Node.js alone", () => {
    project.write(
      "alone.mjs",
      `import { deepStrictEqual } from "node:assert";
       import { CASES, EXPECTED, outcomeOf } from "./behaviour.mjs";
       for (const name of Object.keys(CASES)) deepStrictEqual(await outcomeOf(name), EXPECTED[name]);
       console.log(Object.keys(CASES).length);`,
    );
    expect(project.run("node", ["alone.mjs"])).toEqual({ status: 0, output: `${count}\n` });
  });

  it.each(["forks", "threads", "vmForks", "vmThreads"])("in vitest, pool %s", (pool) => {
    const args = ["run", "--globals", "--pool", pool, "behaviour.test.mjs"];
    const { status, output } = project.tool("vitest", args, env);
    expect(output).toMatch(new RegExp(`Tests {2}${count} passed \\(${count}\\)`));
    expect(status).toBe(0);
  });

  it.each([
    ["behaviour.test.mjs", count],
    ["common.test.cjs", 1],
  ])("in Jest, whose modules are behind a flag: %s", (file, tests) => {
    const args = ["--testMatch", `**/${file}`, "--json"];
    const flag = { NODE_OPTIONS: "--experimental-vm-modules" };
    const { status, output } = project.tool("jest", args, { ...env, ...flag });
    expect(output).toContain(`"numPassedTests":${tests},`);
    expect(status).toBe(0);
  });

  it("with the fake timers of vitest and of Jest", () => {
    const text = shown("docs/integrations.md", "retry.test.js");
    project.write("retry.test.mjs", text);
    const vitest = project.tool("vitest", ["run", "retry.test.mjs"], env);
    expect(vitest.output).toMatch(/Tests {2}1 passed \(1\)/);
    const from = /\{ expect, it, vi \} from "vitest"/;
    const jests = text.replace(from, '{ expect, it, jest } from "@jest/globals"');
    project.write("jest/retry.test.mjs", jests.replaceAll(/\bvi\./g, "jest."));
    const args = ["--testMatch", "**/jest/retry.test.mjs", "--json"];
    const flag = { NODE_OPTIONS: "--experimental-vm-modules" };
    const jest = project.tool("jest", args, { ...env, ...flag });
    expect(jest.output).toContain('"numPassedTests":1,');
  });

  it("in Jest, with a catalogue of the project's own and the tests that are generated for it", () => {
    const own = new Project(join(project.directory, "own"));
    own.write("package.json", JSON.stringify({ private: true, type: "module" }));
    own.write(
      "locks.yaml",
      spec("language: javascript\ntests: { file: test/locks.test.js, runner: jest }"),
    );
    generated((...args) => own.run("../node_modules/.bin/lock-catalogue", args));
    own.write(
      "test/use.test.js",
      `import { expect, test } from "@jest/globals";
       import ${NAMES} from "../src/locks/index.js";
       test("locks", async () => {
         const lock = new QueueLock(".", "invoices");
         expect(await lock.acquire()).toBe(true);
         expect(printers.identify(lock.filename)).toBeInstanceOf(QueueLock);
         await expect(new QueueLock(".", "invoices").acquire()).rejects.toThrow(LockFileBusy);
         lock.release();
         expect(new TrayLock("/", { queue: "letters", tray: 2 }).filename).toBe("/letters.2");
       });`,
    );
    const flag = { NODE_OPTIONS: "--experimental-vm-modules" };
    const { status, output } = own.run("../node_modules/.bin/jest", ["--json"], {
      ...env,
      ...flag,
    });
    expect(output).toContain('"numPassedTests":3,');
    expect(status).toBe(0);
  });
});
