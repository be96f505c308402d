import { existsSync, readdirSync, readFileSync } from "node:fs";
import module from "node:module";
import { userInfo } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

const SPEC = join(ROOT, "locks.yaml");

describe("the start of the command", () => {
  it("loads the command that is called and no other, nor what that does not need", async () => {
    const directory = temporaryDirectory();
    const ls = await scriptsOf("ls", directory);
    expect(ls).toContain("ls.js");
    for (const other of ["run.js", "generate.js", "who.js", "ts-morph.js"]) {
      expect(ls).not.toContain(other);
    }
    const path = await scriptsOf("path", "GlobalCronLock", "--directory", directory);
    expect(path).toContain("path.js");
    expect(path).not.toContain("ls.js");
    expect(path).not.toContain("ts-morph.js");
    for (const question of [
      ["explain", SPEC],
      ["breaking", SPEC, "--against", SPEC],
    ]) {
      const scripts = await scriptsOf(...question);
      expect(scripts).toContain(`${question[0]}.js`);
      expect(scripts).not.toContain("ts-morph.js");
    }
    expect(await scriptsOf("check", SPEC)).toContain("ts-morph.js");
    const help = await scriptsOf("--help");
    expect(help).toEqual(expect.arrayContaining(["ls.js", "run.js", "generate.js", "who.js"]));
  });

  // Node.js would keep it in the temporary directory, where another user could put code for root to run.
  it("keeps compiled code in the home of its user, where Node.js keeps any, and nowhere else", async () => {
    const elsewhere = temporaryDirectory();
    const env = { ...process.env, HOME: elsewhere, TMPDIR: elsewhere, XDG_CACHE_HOME: elsewhere };
    const { code } = await cliIn({ env }, "--version");
    expect(code).toBe(0);
    expect(readdirSync(elsewhere)).toEqual([]);
    const kept = existsSync(join(userInfo().homedir, ".cache", "lock-catalogue"));
    if ("enableCompileCache" in module) expect(kept).toBe(true);
  });
});

/** The names of the files that such a call loads, as V8 lists them. */
async function scriptsOf(...args: readonly string[]): Promise<string[]> {
  const coverage = temporaryDirectory();
  const { code, err } = await cliIn(
    { env: { ...process.env, NODE_V8_COVERAGE: coverage } },
    ...args,
  );
  expect([code, err]).toEqual([0, ""]);
  return readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8"));
    return result.map(({ url }: { url: string }) => basename(url));
  });
}
