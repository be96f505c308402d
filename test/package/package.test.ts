import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { STRICT } from "./strict.js";
import { Workshop } from "./workshop.js";

/** What a user gets: the packed tarball, installed into fresh projects outside the repository. */
const workshop = new Workshop();

describe("a project with a catalogue of its own", () => {
  const project = workshop.project(
    "own-catalogue",
    { type: "module" },
    { packages: ["typescript@7", "vitest@4", "@types/node@20"] },
  );
  project.write(
    "locks.yaml",
    `# yaml-language-server: $schema=./node_modules/lock-catalogue/codegen/locks.schema.json
catalogue: printers
output: locks
parameters:
  queue:
    pattern: "[a-z]+"
    examples: [invoices]
locks:
  QueueLock:
    template: "{queue}.queue.lock"
    description: Protects a print queue from two spoolers.
    wait: true
  SpoolerLock:
    template: spooler.lock
    description: Protects the spooler from running twice.
`,
  );
  project.write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: { ...STRICT, module: "nodenext", moduleResolution: "nodenext" },
    }),
  );
  project.write(
    "use.ts",
    `import { printers, QueueLock, type Lock } from "./locks/index.js";
export const lock: QueueLock = new QueueLock(".", "invoices");
export function describe(lock: Lock): string {
  switch (lock.kind) {
    case "QueueLock": return lock.queue;
    case "SpoolerLock": return lock.filename;
  }
}
const found = printers.identify("invoices.queue.lock");
if (found === null) throw new Error("not found");
console.log(describe(found), await lock.acquire(), lock.getOwnerPid() === process.pid);
lock.release();
`,
  );

  it("generates it, finds it fresh, and finds what was changed", () => {
    expect(project.tool("lock-catalogue", ["generate"])).toMatchObject({ status: 0 });
    expect(existsSync(join(project.directory, "locks", "QueueLock.ts"))).toBe(true);
    expect(project.tool("lock-catalogue", ["check"])).toMatchObject({ status: 0 });
    const file = join(project.directory, "locks", "QueueLock.ts");
    const text = readFileSync(file, "utf8");
    project.write("locks/QueueLock.ts", text.replace("spoolers", "spooler"));
    expect(project.tool("lock-catalogue", ["check"])).toMatchObject({
      status: 1,
      output: expect.stringContaining("stale"),
    });
    project.write("locks/QueueLock.ts", text);
  });

  it("has types that hold under the strict flags", () => {
    expect(project.tool("tsc", ["-p", "."])).toEqual({ status: 0, output: "" });
  });

  it("has tests that pass", () => {
    const { status, output } = project.tool("vitest", ["run"], {
      NO_COLOR: "1",
    });
    expect(output).toMatch(/Tests {2}2 passed/);
    expect(status).toBe(0);
  });

  it("runs", () => {
    expect(project.tool("tsc", ["-p", ".", "--noEmit", "false", "--outDir", "out"])).toMatchObject({
      status: 0,
    });
    expect(project.run("node", ["out/use.js"])).toEqual({
      status: 0,
      output: "invoices true true\n",
    });
  });
});

describe("a project that imports Barman's catalogue", () => {
  const project = workshop.project(
    "importer",
    {},
    { install: ["--omit=optional"], packages: ["fs-ext"] },
  );

  it.each([
    ["import", "a.mjs", `import { ServerBackupLock } from "lock-catalogue/barman";`],
    ["require", "a.cjs", `const { ServerBackupLock } = require("lock-catalogue/barman");`],
  ])("by %s, with nothing but the runtime installed", (_, file, line) => {
    project.write(
      file,
      `${line}
const lock = new ServerBackupLock(".", "main");
console.log(lock.acquireSync(), lock.getOwnerPid() === process.pid);
lock.release();
`,
    );
    expect(project.run("node", [file])).toEqual({ status: 0, output: "true true\n" });
  });

  it("sees the TypeScript sources in a stack trace, where maps are enabled", () => {
    project.write(
      "fail.mjs",
      `import { ServerBackupLock } from "lock-catalogue/barman";
new ServerBackupLock(".", "");
`,
    );
    const { status, output } = project.run("node", ["--enable-source-maps", "fail.mjs"]);
    expect(status).toBe(1);
    expect(output).toMatch(/^LockFileNameError: /m);
    // Each place of ours is a line of a source that is not there, but in the map.
    const places = [...output.matchAll(/at (\S.*) \(.*\/lock-catalogue\/(\S+\.ts):(\d+):\d+\)/g)];
    expect(places.map(([, what, file]) => [what, file])).toEqual(
      expect.arrayContaining([["new ServerBackupLock", "generated/ServerBackupLock.ts"]]),
    );
    const [, , file = "", line] = places[0] ?? [];
    expect(readFileSync(join(ROOT, file), "utf8").split("\n")[Number(line) - 1]).toMatch(
      /throw new/,
    );
    expect(output).toMatch(/^ +throw new LockFileNameError\($/m);
  });

  it("is told what to install by generate", () => {
    project.write("locks.yaml", "");
    expect(existsSync(join(project.directory, "node_modules", "ts-morph"))).toBe(false);
    expect(project.tool("lock-catalogue", ["generate"])).toMatchObject({
      status: 2,
      output: expect.stringContaining("npm install --include=optional"),
    });
    expect(project.run("npm", ["install", "--include=optional"])).toMatchObject({ status: 0 });
    // It runs now, and finds the spec empty.
    expect(project.tool("lock-catalogue", ["generate"])).toMatchObject({
      status: 1,
      output: expect.stringContaining("locks.yaml:1:1"),
    });
  });
});
