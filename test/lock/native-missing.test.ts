import { cpSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { canMount, inChild, type Outcome } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { DANGEROUS } from "./helpful.js";

/** What may be found in place of the add-on, as a package manager or another Node.js leaves it. */
const LEFT: readonly (readonly [
  what: string,
  content: string | null,
  cause: string,
  says: RegExp,
])[] = [
  ["is not there", null, "MODULE_NOT_FOUND", /was not found: .* bundle .*`npm install fs-ext`/],
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
  for (const part of ["package.json", "dist"]) {
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

/** Surroundings in which no program can take the place of the add-on. */
const ALONE = { shell: 'PATH=/nonexistent exec "$@"' } as const;

/** For a script: the warnings of its process. */
const WARNINGS = `
  const warnings = [];
  process.on("warning", ({ name, code, message }) => warnings.push({ name, code, message }));
`;

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
      ...ALONE,
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
    expect(await inChild(script, { ...ALONE, cwd, args: [join(cwd, "locks")] })).toEqual([
      "LOCK_NATIVE_MISSING",
      "LOCK_NATIVE_MISSING",
    ]);
  });

  it("the error has the path of the lock file, as every error of a lock has", async () => {
    const cwd = packageWith(content);
    const file = join(cwd, "locks", "x.lock");
    const script = "tell(await attempt(() => new LockFile(args[0]).acquire()));";
    expect(await inChild(script, { ...ALONE, cwd, args: [file] })).toMatchObject({
      code: "LOCK_NATIVE_MISSING",
      path: file,
    });
  });

  it("the flock program takes the lock, and one warning says so, why, and what to do", async () => {
    const cwd = packageWith(content);
    const file = join(cwd, "locks", "x.lock");
    const script = `${WARNINGS}
      const { spawnSync } = await import("node:child_process");
      const flock = () => spawnSync("flock", ["-n", args[0], "true"]).status;
      const lock = new LockFile(args[0]);
      const seen = [await lock.acquire(), flock(), lock.getOwnerPid() === process.pid];
      lock.release();
      seen.push(flock(), lock.acquireSync(), flock());
      await new Promise((resolve) => setTimeout(resolve, 20));
      tell({ seen, warnings });
    `;
    const { seen, warnings } = await inChild<{ seen: unknown[]; warnings: object[] }>(script, {
      cwd,
      args: [file],
    });
    expect(seen).toEqual([true, 1, true, 0, true, 1]);
    expect(warnings).toEqual([
      { name: "LockWarning", code: "LOCK_SLOW", message: expect.stringMatching(says) },
    ]);
    const [{ message }] = warnings as [{ message: string }];
    expect(message).toMatch(/ starts \/\S+\/flock and stops .*#lock_slow\.$/);
    expect(message).not.toMatch(DANGEROUS);
  });
});

describe("LOCK_CATALOGUE_FLOCK", () => {
  const script = `${WARNINGS}
    const outcome = await attempt(() => new LockFile(args[0]).acquire());
    await new Promise((resolve) => setTimeout(resolve, 20));
    tell({ outcome, warnings, loaded: process.report.getReport().sharedObjects.some((name) => name.endsWith("fs_ext.node")) });
  `;
  const choose = (way: string, shell: string, cwd: string = ROOT) =>
    inChild(script, {
      cwd,
      shell: `LOCK_CATALOGUE_FLOCK=${way} ${shell} exec "$@"`,
      args: [temporaryLock()],
    });
  const taken = { outcome: { value: true }, warnings: [] };
  const missing = (message: string) => ({
    warnings: [],
    outcome: expect.objectContaining({
      code: "LOCK_NATIVE_MISSING",
      message: expect.stringContaining(message),
    }),
  });

  it("=program takes no add-on, and warns nobody", async () => {
    expect(await choose("program", "")).toEqual({ ...taken, loaded: false });
  });

  it("=program fails without a program, and says which is missing", async () => {
    expect(await choose("program", "PATH=/nonexistent")).toMatchObject(missing("not in the PATH"));
  });

  it("=fs-ext, as without it, takes the add-on where it is", async () => {
    expect(await choose("fs-ext", "")).toEqual({ ...taken, loaded: true });
    expect(await choose("", "")).toEqual({ ...taken, loaded: true });
  });

  it("=fs-ext takes no program where the add-on is not", async () => {
    expect(await choose("fs-ext", "", packageWith(null))).toMatchObject(missing("was not found"));
  });

  it("with another value fails, and says which there are", async () => {
    expect(await choose("flock", "")).toMatchObject(missing("Set it to fs-ext or to program"));
  });
});

describe("where the add-on is there and may not be loaded", () => {
  // Before Node.js 22.13 the option has the longer name.
  const permission = process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
  const worker = `
    const { Worker } = await import("node:worker_threads");
    const code = \`
      import { LockFile } from "lock-catalogue";
      import { parentPort, workerData } from "node:worker_threads";
      try { await new LockFile(workerData).acquire(); } catch ({ code, message }) { parentPort.postMessage({ code, message }); }
      parentPort.postMessage({});
    \`;
    // Resolves packages from where it is.
    const url = new URL("data:text/javascript," + encodeURIComponent(code.replace('"lock-catalogue"', JSON.stringify(import.meta.resolve("lock-catalogue")))));
    const thread = new Worker(url, { workerData: args[0] });
    tell(await new Promise((resolve) => thread.once("message", resolve)));
  `;
  const main = "tell(await attempt(() => new LockFile(args[0]).acquire()));";

  it.each([
    ["--no-addons", main, ["--no-addons"], /runs with --no-addons\. Start it without\./],
    [
      "the permission model",
      main,
      [permission, "--allow-fs-read=*", "--allow-fs-write=*"],
      /runs with its permission model, and without --allow-addons\. Start it with --allow-addons\./,
    ],
    [
      "a Worker under the permission model that may write nothing but locks",
      worker,
      [
        permission,
        "--allow-fs-read=*",
        "--allow-fs-write=LOCKS/*",
        "--allow-worker",
        "--allow-addons",
      ],
      /lets no directory take the copy\. Start it with --allow-fs-write=/,
    ],
    ["a Worker under --no-addons", worker, ["--no-addons"], /runs with --no-addons/],
  ])("says why, and what to do: %s", async (_what, script, nodeOptions, says) => {
    const file = temporaryLock();
    const options = nodeOptions.map((option) => option.replace("LOCKS", dirname(file)));
    const seen = await inChild(script, { ...ALONE, args: [file], nodeOptions: options });
    expect(seen).toMatchObject({
      code: "LOCK_NATIVE_MISSING",
      message: expect.stringMatching(says),
    });
  });

  it("the permission model is told that it forbids the program, too", async () => {
    const nodeOptions = [permission, "--allow-fs-read=*", "--allow-fs-write=*"];
    const seen = await inChild<Outcome>(main, { nodeOptions, args: [temporaryLock()] });
    expect(seen).toMatchObject({ code: "LOCK_NATIVE_MISSING" });
    expect(seen.message).toContain("without --allow-child-process");
    const allowed = [...nodeOptions, "--allow-child-process"];
    expect(await inChild(main, { nodeOptions: allowed, args: [temporaryLock()] })).toEqual({
      value: true,
    });
  });

  it.skipIf(!canMount).each([
    ["ro", "EROFS"],
    ["noexec", "noexec"],
  ])("says why, and what to do: a Worker whose directories are mounted %s", async (how, why) => {
    const cwd = packageWith("");
    const fsExt = join(cwd, "node_modules", "fs-ext");
    cpSync(join(ROOT, "node_modules", "fs-ext"), fsExt, { recursive: true });
    cpSync(join(ROOT, "node_modules", "nan"), join(cwd, "node_modules", "nan"), {
      recursive: true,
    });
    const shell = [
      `mount --bind "${fsExt}" "${fsExt}"`,
      `mount -o remount,bind,${how} "${fsExt}"`,
      `mount -t tmpfs -o ${how} none /dev/shm`,
      `mkdir "${cwd}/tmp"`,
      `mount -t tmpfs -o ${how} none "${cwd}/tmp"`,
      `PATH=/nonexistent TMPDIR="${cwd}/tmp" exec "$@"`,
    ].join("\n");
    const seen = await inChild(worker, { cwd, args: [temporaryLock()], ownMounts: true, shell });
    expect(seen).toMatchObject({
      code: "LOCK_NATIVE_MISSING",
      message: expect.stringContaining(`no directory takes the copy (${why}). Make one of these`),
    });
  });

  it("a Worker whose TMPDIR is not there takes the lock all the same", async () => {
    const shell = 'TMPDIR=/no/such/directory exec "$@"';
    expect(await inChild(worker, { args: [temporaryLock()], shell })).toEqual({});
  });
});
