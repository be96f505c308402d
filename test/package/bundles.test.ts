import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
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

const ESBUILD = ["esbuild", "app.mjs", "--bundle", "--minify", "--platform=node"];
const ROLLUP = ["rollup", "app.mjs", "-p", "node-resolve", "-p", "commonjs", "-p", "terser"];

describe("a bundle, minified,", () => {
  const workshop = new Workshop();
  const rollup = [
    "rollup@4",
    ...["node-resolve", "commonjs", "terser"].map((n) => `@rollup/plugin-${n}`),
  ];
  const project = workshop.project("bundles", {}, { packages: ["esbuild", ...rollup] });
  project.write("app.mjs", PROGRAM);

  it.each([
    [
      "esbuild, ES modules",
      "out/esbuild.mjs",
      [...ESBUILD, "--format=esm", "--outfile=out/esbuild.mjs"],
    ],
    [
      "esbuild, CommonJS",
      "out/esbuild.cjs",
      [...ESBUILD, "--format=cjs", "--outfile=out/esbuild.cjs"],
    ],
    ["rollup, ES modules", "out/rollup.mjs", [...ROLLUP, "-f", "es", "-o", "out/rollup.mjs"]],
    ["rollup, CommonJS", "out/rollup.cjs", [...ROLLUP, "-f", "cjs", "-o", "out/rollup.cjs"]],
  ])(
    "by %s: takes locks where fs-ext is, and says what to do where it is not",
    (what, bundle, command) => {
      project.must("npx", ["--no-install", ...command]);
      expect(project.run("node", [bundle])).toEqual({
        status: 0,
        output: SAID(true) + SAID(false),
      });

      const moved = new Project(join(workshop.directory, what.replace(/\W+/g, "-")));
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
