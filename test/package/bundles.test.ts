import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { section } from "../support/documents.js";
import { Project, Workshop } from "./workshop.js";

/** A program that takes a lock in its main thread and in a Worker of the same file, and says how that went. */
const PROGRAM = `
import { isMainThread, Worker } from "node:worker_threads";
import { LockFileBusy } from "lock-catalogue";
import { barman, ServerBackupLock } from "lock-catalogue/barman";

const lock = new ServerBackupLock(".", "main");
console.log(isMainThread, lock.kind, barman.identify(lock.filename).kind, String(lock));
lock
  .acquire()
  .then(async (got) => {
    const error = await new ServerBackupLock(".", "main").acquire().catch((error) => error);
    console.log(got, error.name, error.code, error instanceof LockFileBusy);
    lock.release();
    if (isMainThread) new Worker(process.argv[1]);
  })
  .catch((error) => console.log(error.code, error.message));
`;

const SAID = (isMain: boolean): string =>
  `${isMain} ServerBackupLock ServerBackupLock ServerBackupLock (serverName "main")\n` +
  "true LockFileBusy LOCK_BUSY true\n";

/** The calls of bundlers in the document, each of which says where its bundle goes. */
const COMMANDS = section("docs/integrations.md", "Bundlers")
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.trim().split("\n"))
  .map((command) => [/out\/\S+/u.exec(command)?.[0] ?? "", command] as const);

describe("a bundle, minified,", () => {
  const workshop = new Workshop();
  const rollup = [
    "rollup@4",
    ...["node-resolve", "commonjs", "terser"].map((n) => `@rollup/plugin-${n}`),
  ];
  const project = workshop.project("bundles", {}, { packages: ["esbuild", ...rollup] });
  project.write("app.mjs", PROGRAM);

  it("is made of ES modules and of CommonJS by esbuild and by rollup", () => {
    const bundles = COMMANDS.map(([bundle]) => bundle);
    expect(bundles).toEqual(
      ["esbuild", "rollup"].flatMap((by) => [`out/${by}.mjs`, `out/${by}.cjs`]),
    );
  });

  it.each(COMMANDS)(
    "%s: takes locks where fs-ext is, and says what to do where it is not",
    (bundle, command) => {
      project.must("sh", ["-c", command], { npm_config_offline: "true" });
      expect(project.run("node", [bundle])).toEqual({
        status: 0,
        output: SAID(true) + SAID(false),
      });

      const moved = new Project(join(workshop.directory, bundle.replace(/\W+/g, "-")));
      mkdirSync(join(moved.directory, dirname(bundle)));
      cpSync(join(project.directory, bundle), join(moved.directory, bundle));
      const { status, output } = moved.run(process.execPath, [bundle], { PATH: "/nonexistent" });
      expect(status).toBe(0);
      expect(output).toMatch(
        /^LOCK_NATIVE_MISSING .* was not found: .*a bundle does not contain it: .*`npm install fs-ext`/m,
      );
      // The flock program takes its place.
      expect(moved.run("node", [bundle])).toEqual({ status: 0, output: SAID(true) + SAID(false) });

      const addOn = "node_modules/fs-ext";
      cpSync(join(project.directory, addOn), join(moved.directory, addOn), { recursive: true });
      expect(moved.run("node", [bundle])).toEqual({ status: 0, output: SAID(true) + SAID(false) });
    },
  );
});
