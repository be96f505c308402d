import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { cliIn } from "../support/cli.js";
import { fileAt, NAMES, STEPS, TREE, walk } from "../support/trees.js";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

it("what the commands list, name, lock and sweep is the file that the kernel finds", {
  timeout: 120_000,
}, async () => {
  // Past a link and back: what a shell's `cd`, and a path that is tidied up, would take for another directory.
  const past = STEPS.map((steps) => [...steps, ...NAMES.map((name) => `${name}-link`), ".."]);
  const property = fc.asyncProperty(TREE, past, fc.boolean(), async (tree, steps, isRelative) => {
    const { made, path, inode } = walk(tree, steps, isRelative);
    fc.pre(inode !== null);
    const cwd = process.cwd();
    const must = async (...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await cliIn({ cwd }, ...args);
      expect(err).toBe("");
      expect(code).toBe(0);
      return out;
    };
    const files = made.map((directory) => join(directory, ".cron.lock"));
    const stamped = ["sh", "-c", 'grep -l . "$@"', "sh", ...files];
    const run = await must("run", "GlobalCronLock", "--directory", path, "--", ...stamped);
    expect(run.trim().split("\n").map(fileAt)).toEqual([inode]);

    using held = new LockFile(files.find((file) => fileAt(file) === inode) ?? "none");
    held.acquireSync();
    const outs = await Promise.all([
      must("who", `${path}/.cron.lock`, "--json"),
      must("who", "GlobalCronLock", "--directory", path, "--json"),
    ]);
    for (const out of outs) expect(JSON.parse(out)).toMatchObject({ state: "held" });
    const [entry, ...more] = JSON.parse(await must("ls", path, "--json"));
    expect(more).toEqual([]);
    expect([entry.state, fileAt(entry.path)]).toEqual(["held", inode]);
    held.release();

    const [real] = files.filter((file) => fileAt(file) === inode);
    await must("sweep", path);
    expect(files.filter((file) => !existsSync(file))).toEqual([real]);
  });
  console.log(`paths of commands: SEED=${seed} repeats the random trees`);
  await fc.assert(property, { seed, numRuns: 6 });
});
