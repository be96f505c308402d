import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { CannotRun, generate } from "../../codegen/index.js";
import { temporaryName } from "../../codegen/output/write.js";
import { cliIn, MAIN, Running } from "../support/cli.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { project, SPEC } from "./project.js";

/** What stands in the way of the generator, and what it says then. */
const OBSTACLES: readonly {
  readonly name: string;
  readonly make: (place: { cwd: string; out: string }) => void;
  readonly message: RegExp;
}[] = [
  {
    name: "a hand-written file where a generated one belongs",
    make: ({ out }) => writeFileSync(path.join(out, "BetaLock.ts"), "export {};\n"),
    message: /BetaLock\.ts was not generated.*move it away/u,
  },
  {
    name: "a file of another spec",
    make: ({ cwd, out }) => {
      writeFiles(cwd, [["other.yaml", SPEC.replace("output: out", "output: two")]]);
      generate({ cwd, spec: "other.yaml" });
      writeFileSync(
        path.join(out, "BetaLock.ts"),
        readFileSync(path.join(cwd, "two/BetaLock.ts"), "utf8"),
      );
    },
    message: /was generated from other\.yaml, not from locks\.yaml/u,
  },
  {
    name: "a symbolic link as a file",
    make: ({ cwd, out }) => {
      writeFileSync(path.join(cwd, "target.ts"), readFileSync(path.join(out, "BetaLock.ts")));
      unlinkSync(path.join(out, "BetaLock.ts"));
      symlinkSync("../target.ts", path.join(out, "BetaLock.ts"));
    },
    message: /BetaLock\.ts is a symbolic link/u,
  },
  {
    name: "a directory as a file",
    make: ({ out }) => {
      unlinkSync(path.join(out, "BetaLock.ts"));
      mkdirSync(path.join(out, "BetaLock.ts"));
    },
    message: /BetaLock\.ts is in the way/u,
  },
  {
    name: "a symbolic link as the output",
    make: ({ cwd, out }) => {
      rmSync(out, { recursive: true });
      mkdirSync(path.join(cwd, "real"));
      symlinkSync("real", out);
    },
    message: /out is a symbolic link/u,
  },
  {
    name: "a file as the output",
    make: ({ out }) => {
      rmSync(out, { recursive: true });
      writeFileSync(out, "");
    },
    message: /out is not a directory/u,
  },
  {
    name: "a read-only file that is not up to date",
    make: ({ out }) => {
      const file = path.join(out, "BetaLock.ts");
      writeFileSync(file, readFileSync(file, "utf8").replace("beta.", "gamma."));
      chmodSync(file, 0o444);
    },
    message: /BetaLock\.ts is read-only and not up to date/u,
  },
];

test.each(OBSTACLES)("$name stops the generator before it writes", ({ make, message }) => {
  const place = project();
  make(place);
  const spec = path.join(place.cwd, "locks.yaml");
  writeFileSync(spec, readFileSync(spec, "utf8").replace("Protects alpha.", "Protects anew."));
  const alpha = path.join(place.out, "AlphaLock.ts");
  expect(() => generate({ cwd: place.cwd })).toThrow(message);
  expect(() => generate({ cwd: place.cwd })).toThrow(CannotRun);
  if (statSync(place.out).isDirectory() && readdirSync(place.out).includes("AlphaLock.ts")) {
    expect(readFileSync(alpha, "utf8")).toContain("Protects alpha.");
  }
});

test("a link on the way that leads out of the spec's directory is refused", () => {
  const cwd = temporaryDirectory();
  symlinkSync(temporaryDirectory(), path.join(cwd, "link"));
  writeFiles(cwd, [["locks.yaml", SPEC.replace("output: out", "output: link/out")]]);
  expect(() => generate({ cwd })).toThrow(/symbolic link|outside/u);
});

test("a directory behind a link that leads out of the spec's directory is refused", () => {
  const cwd = temporaryDirectory();
  const elsewhere = temporaryDirectory();
  mkdirSync(path.join(elsewhere, "out"));
  symlinkSync(elsewhere, path.join(cwd, "link"));
  writeFiles(cwd, [["locks.yaml", SPEC.replace("output: out", "output: link/out")]]);
  expect(() => generate({ cwd })).toThrow(/outside of/u);
  expect(readdirSync(path.join(elsewhere, "out"))).toEqual([]);
});

test("a directory with the name of a generated file that no kind has is left alone", () => {
  const { cwd, out } = project();
  mkdirSync(path.join(out, "OldLock.ts"));
  expect(generate({ cwd }).files.map(({ path: file }) => file)).not.toContain("out/OldLock.ts");
  expect(statSync(path.join(out, "OldLock.ts")).isDirectory()).toBe(true);
});

test("a spec whose name would break the comment that names it cannot run", () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [["lo\ncks.yaml", SPEC]]);
  expect(() => generate({ cwd, spec: "lo\ncks.yaml" })).toThrow(/control characters/u);
});

test("an output below a file cannot run, and says which path is meant", () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [
    ["file", ""],
    ["locks.yaml", SPEC.replace("output: out", "output: file/out")],
  ]);
  expect(() => generate({ cwd })).toThrow(CannotRun);
  expect(() => generate({ cwd })).toThrow(path.join(cwd, "file/out"));
});

test("leftovers of a killed run are removed, those of a live one are not", () => {
  const { cwd, out } = project();
  // No process has a number above the kernel's limit of 2^22.
  const dead = temporaryName("AlphaLock.ts", 4_194_999);
  const alive = temporaryName("AlphaLock.ts", process.ppid);
  writeFiles(out, [
    [dead, "half"],
    [alive, "half"],
  ]);
  generate({ cwd });
  expect(readdirSync(out)).not.toContain(dead);
  expect(readdirSync(out)).toContain(alive);
});

test("two runs at once leave what one leaves", async () => {
  const { cwd, out } = project();
  const expected = readFiles(out);
  rmSync(out, { recursive: true });
  const runs = await Promise.all([1, 2, 3].map(() => cliIn({ cwd }, "generate")));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(readFiles(out)).toEqual(expected);
});

test("a run that is killed at any moment leaves nothing that the next one does not mend", async () => {
  const { cwd, out } = project();
  const expected = readFiles(out);
  for (let files = 0; files < 4; files++) {
    rmSync(out, { recursive: true });
    const generating = new Running(process.execPath, [MAIN, "generate"], { cwd });
    // Killed as soon as so many files are there, temporary ones among them; or at the end, should
    // the run be faster.
    while (
      generating.child.exitCode === null &&
      (!existsSync(out) || readdirSync(out).length < files)
    ) {
      await setImmediate();
    }
    generating.child.kill("SIGKILL");
    await generating.end();
    generate({ cwd });
    expect(readFiles(out)).toEqual(expected);
  }
});
