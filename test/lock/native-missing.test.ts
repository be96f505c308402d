import { cpSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inChild, type Outcome } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { DANGEROUS } from "./helpful.js";

/** What may be found in place of the add-on, as a package manager or another Node.js leaves it. */
const LEFT: readonly (readonly [
  what: string,
  content: string | null,
  cause: string,
  says: RegExp,
])[] = [
  ["is not there", null, "MODULE_NOT_FOUND", /was not found: .* bundle, .*`npm install fs-ext`/],
  [
    "was never compiled",
    'require("./build/Release/fs_ext.node");',
    "MODULE_NOT_FOUND",
    /was not built: .*`npm rebuild fs-ext` .*`pnpm rebuild fs-ext`/,
  ],
  [
    "was compiled for another Node.js",
    'throw Object.assign(new Error("different Node.js version"), { code: "ERR_DLOPEN_FAILED" });',
    "ERR_DLOPEN_FAILED",
    /was built for another version of Node\.js than v\d.*`npm rebuild fs-ext` .*`pnpm rebuild fs-ext`/,
  ],
];

/** A copy of the built package, as it is installed, with that in place of fs-ext. */
function packageWith(content: string | null): string {
  const copy = join(realpathSync(temporaryDirectory()), "package");
  for (const part of ["package.json", "dist/src", "dist/generated"]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  if (content !== null) {
    const fsExt = join(copy, "node_modules", "fs-ext");
    mkdirSync(fsExt, { recursive: true });
    writeFileSync(join(fsExt, "package.json"), '{"name":"fs-ext","version":"2.1.1"}');
    writeFileSync(join(fsExt, "index.js"), content);
  }
  mkdirSync(join(copy, "locks"));
  return copy;
}

describe.each(LEFT)("where the add-on %s", (_what, content, cause, says) => {
  it("names are built and read all the same", async () => {
    const cwd = packageWith(content);
    const script = `
      const lock = new barman.ServerBackupLock("/locks", "main");
      const { kind, filename } = barman.barman.identify("/locks/.a-cron.lock");
      lock.release();
      tell({ file: lock.filename, kind, filename, held: lock.held,
        invalid: await attempt(() => new barman.ServerBackupLock("/locks", "a/b")),
        nobody: new LockFile("/no/such/directory/x.lock").getOwnerPid() });
    `;
    const seen = await inChild(script, { cwd });
    expect(seen).toMatchObject({
      file: "/locks/.main-backup.lock",
      kind: "ServerCronLock",
      filename: "/locks/.a-cron.lock",
      held: false,
      invalid: { code: "LOCK_NAME_INVALID" },
      nobody: null,
    });
  });

  it("to take a lock is a LockFileNativeMissing with the command that fixes it, whatever raiseIfFail says", async () => {
    const cwd = packageWith(content);
    const file = join(cwd, "locks", "x.lock");
    const script = `
      const lock = new LockFile(args[0]);
      const quiet = new LockFile(args[0], { raiseIfFail: false, wait: true });
      fs.writeFileSync(args[0], "");
      const descriptors = () => fs.readdirSync("/dev/fd").length;
      const before = descriptors();
      const errors = [];
      for (const call of [
        () => lock.acquire(),
        () => lock.acquire({ raiseIfFail: false }),
        () => lock.acquire({ timeout: 10_000 }),
        () => lock.acquireSync(),
        () => quiet.acquire(),
        () => quiet.acquireSync(),
        () => quiet.withLock(() => "never"),
        () => lock.getOwnerPid(),
      ]) errors.push(await attempt(call));
      tell({ errors, held: lock.held || quiet.held, leaked: descriptors() - before });
    `;
    const seen = await inChild<{ errors: Outcome[]; held: boolean; leaked: number }>(script, {
      cwd,
      args: [file],
    });
    expect(seen.errors).toHaveLength(8);
    for (const error of seen.errors) {
      expect(error).toMatchObject({
        name: "LockFileNativeMissing",
        code: "LOCK_NATIVE_MISSING",
        cause,
        message: expect.stringMatching(says),
      });
      expect(error.message).not.toMatch(DANGEROUS);
    }
    expect([seen.held, seen.leaked]).toEqual([false, 0]);
    expect(readdirSync(join(cwd, "locks"))).toEqual(["x.lock"]);
  });

  it("a catalogue says it too, and does not take the file for one that cannot be read", async () => {
    const cwd = packageWith(content);
    const script = `
      fs.writeFileSync(args[0] + "/.cron.lock", "");
      const calls = [() => barman.barman.scan(args[0]), () => barman.barman.sweep(args[0])];
      tell((await Promise.all(calls.map(attempt))).map(({ code }) => code));
    `;
    expect(await inChild(script, { cwd, args: [join(cwd, "locks")] })).toEqual([
      "LOCK_NATIVE_MISSING",
      "LOCK_NATIVE_MISSING",
    ]);
  });

  it("the error has the path of the lock file, as every error of a lock has", async () => {
    const cwd = packageWith(content);
    const file = join(cwd, "locks", "x.lock");
    const script = "tell(await attempt(() => new LockFile(args[0]).acquire()));";
    expect(await inChild(script, { cwd, args: [file] })).toMatchObject({
      code: "LOCK_NATIVE_MISSING",
      path: file,
    });
  });
});
