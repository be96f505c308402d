import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CannotRun, check, generate } from "../../codegen/index.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { project, SPEC } from "./project.js";

const MAIN = path.join(ROOT, "dist/src/cli/main.js");
const isRoot = process.getuid?.() === 0;

/** Changes what all files of a project say. */
function change(cwd: string): void {
  writeFiles(cwd, [
    ["locks.yaml", SPEC.replaceAll("Protects", "Guards").replace("sample", "other")],
  ]);
}

describe("a file that is rewritten", () => {
  test.each([0o600, 0o640, 0o664, 0o755])("keeps its mode %o", (mode) => {
    const { cwd, out } = project();
    const file = path.join(out, "BetaLock.ts");
    chmodSync(file, mode);
    change(cwd);
    generate({ cwd });
    expect(readFileSync(file, "utf8")).toContain("Guards beta.");
    expect((statSync(file).mode & 0o7777).toString(8)).toBe(mode.toString(8));
  });

  test.skipIf(!isRoot)("keeps its owner and group, if the user may give files away", () => {
    const { cwd, out } = project();
    const file = path.join(out, "BetaLock.ts");
    chownSync(file, 1234, 5678);
    chmodSync(file, 0o640);
    change(cwd);
    generate({ cwd });
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 5678, 0o640]);
  });

  test.skipIf(!isRoot)(
    "keeps its group, if the user may give it away, and is rewritten in any case",
    () => {
      const { cwd, out } = project();
      chmodSync(cwd, 0o777);
      chmodSync(out, 0o777);
      for (const [name, group] of [
        ["BetaLock.ts", 5678],
        ["AlphaLock.ts", 1],
      ] as const) {
        chownSync(path.join(out, name), 0, group);
        chmodSync(path.join(out, name), 0o664);
      }
      change(cwd);
      const { status, stderr } = spawnSync(
        "setpriv",
        ["--reuid=1234", "--regid=1234", "--groups=5678", process.execPath, MAIN, "generate"],
        { cwd, encoding: "utf8" },
      );
      expect([status, stderr]).toEqual([0, ""]);
      const owners = ["BetaLock.ts", "AlphaLock.ts"].map((name) => {
        const { uid, gid } = statSync(path.join(out, name));
        return [uid, gid];
      });
      expect(owners).toEqual([
        [1234, 5678],
        [1234, 1234],
      ]);
      expect(check({ cwd }).files.every(({ state }) => state === "fresh")).toBe(true);
    },
  );
});

/** Whether a PID namespace of one's own may be made here. */
const canUnshare = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"]).status === 0;

test.skipIf(!canUnshare)(
  "runs at once in several PID namespaces leave what one leaves",
  async () => {
    const { cwd, out } = project();
    const expected = readFiles(out);
    for (let round = 0; round < 3; round++) {
      rmSync(out, { recursive: true });
      const codes = await Promise.all(
        [1, 2, 3].map(async () => {
          // The first process of a namespace has the number 1 in each of them.
          const args = ["--pid", "--fork", "--mount-proc", process.execPath, MAIN, "generate"];
          const child = spawn("unshare", args, { cwd, stdio: "ignore" });
          const [code] = await once(child, "exit");
          return code;
        }),
      );
      expect(codes).toEqual([0, 0, 0]);
      expect(readFiles(out)).toEqual(expected);
    }
  },
);

test("what a run in another container is writing is left alone, until it must have ended", () => {
  const { cwd, out } = project();
  const theirs = ".AlphaLock.ts.00000000-1-0123abcd.lock-catalogue.tmp";
  writeFiles(out, [[theirs, "half"]]);
  generate({ cwd });
  expect(readdirSync(out)).toContain(theirs);
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(path.join(out, theirs), longAgo, longAgo);
  generate({ cwd });
  expect(readdirSync(out)).not.toContain(theirs);
});

describe("a read-only checkout", () => {
  /** A project that nobody can write to, not even root; or `null` if that cannot be had. */
  function readOnly(leftover: boolean): { cwd: string } | null {
    const { cwd, out } = project();
    if (leftover) {
      const stale = readdirSync(out).length;
      expect(stale).toBe(5);
      writeFiles(out, [[".AlphaLock.ts.00000000-1-0123abcd.lock-catalogue.tmp", "half"]]);
      utimesSync(path.join(out, ".AlphaLock.ts.00000000-1-0123abcd.lock-catalogue.tmp"), 0, 0);
    }
    if (!isRoot) {
      chmodSync(out, 0o555);
      onTestFinished(() => chmodSync(out, 0o755));
      return { cwd };
    }
    const mount = (...args: string[]) => spawnSync("mount", args, { stdio: "ignore" }).status === 0;
    if (!mount("--bind", cwd, cwd)) return null;
    onTestFinished(() => void execFileSync("umount", [cwd]));
    return mount("-o", "remount,bind,ro", cwd) ? { cwd } : null;
  }

  test.for([false, true])(
    "in which all is fresh needs no writing (leftovers: %s)",
    (leftover, { skip }) => {
      const place = readOnly(leftover);
      if (place === null) return skip("this user may not mount");
      const { files } = generate({ cwd: place.cwd });
      expect(files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
    },
  );

  test("in which something is stale cannot be written, and says so", ({ skip }) => {
    const { cwd, out } = project();
    change(cwd);
    if (spawnSync("mount", ["--bind", cwd, cwd]).status !== 0)
      return skip("this user may not mount");
    onTestFinished(() => void execFileSync("umount", [cwd]));
    expect(spawnSync("mount", ["-o", "remount,bind,ro", cwd]).status).toBe(0);
    expect(() => generate({ cwd })).toThrow(CannotRun);
    expect(() => generate({ cwd })).toThrow(`cannot write to ${out}`);
  });
});

describe("check, which writes nothing, follows links", () => {
  test("to the checkout", () => {
    const { cwd } = project();
    const link = path.join(temporaryDirectory(), "link");
    symlinkSync(cwd, link);
    expect(check({ cwd: link }).files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
    expect(generate({ cwd: link }).files).toHaveLength(5);
  });

  test("to the output, inside or outside", () => {
    const { cwd, out } = project();
    const elsewhere = path.join(temporaryDirectory(), "real");
    execFileSync("cp", ["-r", out, elsewhere]);
    rmSync(out, { recursive: true });
    symlinkSync(elsewhere, out);
    expect(check({ cwd }).files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
    expect(() => generate({ cwd })).toThrow(/symbolic link/u);
  });

  test("to each file, as in the sandbox of a build system", () => {
    const { cwd, out } = project();
    const store = temporaryDirectory();
    for (const name of readdirSync(out)) {
      renameSync(path.join(out, name), path.join(store, name));
      symlinkSync(path.join(store, name), path.join(out, name));
    }
    expect(check({ cwd }).files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
    rmSync(path.join(store, "BetaLock.ts"));
    expect(check({ cwd }).files.map(({ state }) => state)).toContain("missing");
    mkdirSync(path.join(store, "BetaLock.ts"));
    expect(() => check({ cwd })).toThrow(CannotRun);
    expect(() => generate({ cwd })).toThrow(/symbolic link/u);
  });
});
