import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

describe("the command", () => {
  it("exits 2 where its output cannot be written, and says why", async () => {
    const script = 'exec "$0" "$1" ls "$2" >/dev/full';
    const args = ["-c", script, process.execPath, MAIN, temporaryDirectory()];
    expect(await new Running("sh", args).end()).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^lock-catalogue: .*ENOSPC/u),
    });
  });

  it("counts what it found in the singular and in the plural", async () => {
    const cwd = temporaryDirectory();
    const spec = (template: string) =>
      `catalogue: c\noutput: out\nlocks:\n  A:\n    template: ${template}\n    description: D.\n`;
    writeFileSync(join(cwd, "old.yaml"), spec("old"));
    writeFileSync(join(cwd, "new.yaml"), spec("new"));
    writeFileSync(join(cwd, "bad.yaml"), "locks: {}\n");
    const one = await cliIn({ cwd }, "breaking", "new.yaml", "--against", "old.yaml");
    expect(one.out).toContain("1 breaking change against old.yaml.\n");
    const bad = await cliIn({ cwd }, "explain", "bad.yaml");
    expect(bad.err).toContain("bad.yaml has 3 problems.\n");
    writeFileSync(join(cwd, "empty.yaml"), "");
    const empty = await cliIn({ cwd }, "generate", "empty.yaml");
    expect(empty.err).toContain("empty.yaml has 1 problem.\n");
    const stale = await cliIn({ cwd }, "check", "new.yaml");
    expect(stale.out).toContain("Run: npx lock-catalogue generate new.yaml\n");
  });

  it.each([
    ["is broken", "export const = 1;", /SyntaxError/u],
    ["lacks a file", 'import "./gone.js";', /the generator cannot be loaded: Cannot find module /u],
  ])("says of a generator that %s what the loader says", async (_how, text, message) => {
    const home = temporaryDirectory();
    cpSync(join(ROOT, "dist"), join(home, "dist"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(home, "package.json"));
    symlinkSync(join(ROOT, "node_modules"), join(home, "node_modules"));
    writeFileSync(join(home, "dist/codegen/index.js"), text);
    const main = join(home, "dist/src/cli/main.js");
    const { code, err } = await new Running(process.execPath, [main, "generate"]).end();
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it("says in a directory that is gone what the system says", async () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" generate';
    const cwd = temporaryDirectory();
    const { code, err } = await new Running("sh", ["-c", script, process.execPath, MAIN], {
      cwd,
    }).end();
    expect(code).not.toBe(0);
    expect(err).toContain("ENOENT");
  });
});
