import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { barman, GlobalCronLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

/** Names in a tree; a directory or a link may have each. */
const NAMES = ["a", "b", "c"] as const;

interface Tree {
  /** A directory for each, in the directory of an earlier one. */
  readonly directories: readonly (readonly [parent: number, name: string])[];
  /** A link for each, which leads to a directory by a relative or an absolute path. */
  readonly links: readonly (readonly [
    parent: number,
    name: string,
    to: number,
    isAbsolute: boolean,
  ])[];
}

const TREE: fc.Arbitrary<Tree> = fc.record({
  directories: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(...NAMES)), {
    minLength: 1,
    maxLength: 7,
  }),
  links: fc.array(
    fc.tuple(
      fc.nat(7),
      fc.constantFrom(...NAMES.map((name) => `${name}-link`)),
      fc.nat(7),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 5 },
  ),
});

const STEP = fc.constantFrom(...NAMES, ...NAMES.map((name) => `${name}-link`), "..", "..", ".", "");

/** Makes a tree in which each directory has a lock file of its own; returns the directories. */
function make(root: string, { directories, links }: Tree): string[] {
  const made = [root];
  for (const [parent, name] of directories) {
    const path = join(made[parent % made.length] ?? root, name);
    if (existsSync(path)) continue;
    mkdirSync(path);
    made.push(path);
  }
  for (const [parent, name, to, isAbsolute] of links) {
    const from = made[parent % made.length] ?? root;
    const target = made[to % made.length] ?? root;
    const path = join(from, name);
    if (!existsSync(path)) symlinkSync(isAbsolute ? target : relative(from, target) || ".", path);
  }
  for (const directory of made) writeFileSync(join(directory, ".cron.lock"), "");
  return made;
}

/** Which file the kernel finds at a path; null if there is none. Node.js passes it on as it is. */
function fileAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/** Makes a tree of a directory of its own, and a path into it that the steps lead to. */
function walk(tree: Tree, steps: readonly string[], isRelative: boolean) {
  // `..` leads nowhere above it that is not ours to lock.
  const root = join(temporaryDirectory(), "1/2/3/4/5/6/7/8");
  mkdirSync(root, { recursive: true });
  const made = make(root, tree);
  let path = isRelative ? relative(process.cwd(), root) : root;
  for (const step of steps) if (existsSync(`${path}/${step}`)) path = `${path}/${step}`;
  return { made, path, inode: fileAt(`${path}/.cron.lock`) };
}

const STEPS = fc.array(STEP, { minLength: 1, maxLength: 8 });
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

it("what is listed, looked at, locked and swept is the file that the kernel finds", async () => {
  let tried = 0;
  const property = fc.asyncProperty(TREE, STEPS, fc.boolean(), async (tree, steps, isRelative) => {
    const { made, path, inode } = walk(tree, steps, isRelative);
    if (inode === null) return;
    tried++;
    const lock = new GlobalCronLock(path);
    expect(fileAt(lock.filename)).toBe(inode);
    expect(new LockFile(`${path}/.cron.lock`).filename).toBe(lock.filename);
    expect(barman.identify(`${path}/.cron.lock`)?.filename).toBe(lock.filename);

    await lock.acquire();
    const stamped = made.filter(
      (directory) => readFileSync(join(directory, ".cron.lock"), "latin1") !== "",
    );
    expect(stamped.map((directory) => fileAt(join(directory, ".cron.lock")))).toEqual([inode]);
    const [entry, ...more] = await barman.scan(path);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ state: "held", holder: { pid: process.pid } });
    expect(fileAt(entry?.path ?? "")).toBe(inode);
    expect(new GlobalCronLock(path).getOwnerPid()).toBe(process.pid);
    expect((await barman.sweep(path)).held).toHaveLength(1);
    lock.release();

    expect((await barman.sweep(path)).removed).toHaveLength(1);
    const gone = made.filter((directory) => !existsSync(join(directory, ".cron.lock")));
    expect(gone).toEqual(stamped);
  });
  console.log(`paths: SEED=${seed} repeats the random trees`);
  await fc.assert(property, { seed, numRuns: 150 });
  expect(tried).toBeGreaterThan(20);
});

it("and so is what the commands list, name, lock and sweep", { timeout: 120_000 }, async () => {
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

it("a circle of links on the way to it is not a lock file that is a link", async () => {
  const directory = temporaryDirectory();
  symlinkSync("loop", join(directory, "loop"));
  symlinkSync("nowhere", join(directory, "x.lock"));
  const through = new LockFile(join(directory, "loop", "x.lock"));
  const link = new LockFile(join(directory, "x.lock"));
  for (const acquire of [
    (lock: LockFile) => lock.acquire(),
    async (lock: LockFile) => lock.acquireSync(),
    async (lock: LockFile) => lock.getOwnerPid(),
  ]) {
    await expect(acquire(through)).rejects.toMatchObject({
      code: "ELOOP",
      path: through.filename,
      message: expect.stringContaining("lead in a circle"),
    });
    await expect(acquire(link)).rejects.toMatchObject({
      code: "LOCK_UNSAFE",
      message: expect.stringContaining("x.lock is a symbolic link"),
    });
  }
  await expect(barman.scan(join(directory, "loop"))).rejects.toMatchObject({ code: "ELOOP" });
});
