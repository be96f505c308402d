import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inChild, type Outcome, type Surroundings } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { helperWaits, scriptOn } from "../support/script.js";

/** Locks are taken by the `flock` program of the PATH, or by a script in its place. */
const BY_PROGRAM = { LOCK_CATALOGUE_FLOCK: "program" } as const;

/** Surroundings in which this shell script is `flock`; `$flock` is the real one, and `$bin` where it may keep files. */
function withFlock(script: string, ...args: readonly string[]): Surroundings & { bin: string } {
  const bin = temporaryDirectory();
  const flock = join(bin, "flock");
  writeFileSync(flock, `#!/bin/sh\nflock=/usr/bin/flock bin=${bin}\n${script}\n`);
  chmodSync(flock, 0o755);
  return { bin, args, shell: `LOCK_CATALOGUE_FLOCK=program PATH="${bin}:$PATH" exec "$@"` };
}

const isFree = (file: string, mode = "-x"): boolean =>
  spawnSync("flock", ["-n", mode, file, "true"]).status === 0;

/** Of BusyBox 1.35, as its source has it: no long options, and 1 for each failure, with words but for a busy lock. */
const BUSYBOX = `
  for option; do case $option in -n | -x | -s | -u | [0-9]*) ;; *) echo "flock: unrecognized option" >&2; exit 1 ;; esac; done
  "$flock" -E 75 "$@" 2>/dev/null
  case $? in 0) exit 0 ;; 75) exit 1 ;; *) echo "flock: Bad file descriptor" >&2; exit 1 ;; esac`;

describe("a lock that the flock program takes", () => {
  it.each([
    ["util-linux", 'exec "$flock" "$@"'],
    ["BusyBox", BUSYBOX],
  ])("excludes, and is excluded by, flock(1): %s", async (_name, flock) => {
    const file = temporaryLock();
    const other = await heldByFlock(file);
    const take = "tell(await attempt(() => new LockFile(args[0]).acquire()));";
    const around = withFlock(flock, file);
    expect(await inChild(take, around)).toMatchObject({ code: "LOCK_BUSY" });
    other.kill("SIGKILL");
    const script = `
      const { spawnSync } = await import("node:child_process");
      const isFree = (mode) => spawnSync("/usr/bin/flock", ["-n", mode, args[0], "true"]).status === 0;
      const lock = new LockFile(args[0]);
      const seen = [];
      for (const mode of ["exclusive", "shared"]) {
        await lock.acquire({ mode, timeout: 20_000 });
        seen.push(isFree("-x"), isFree("-s"));
        lock.release();
      }
      tell([...seen, isFree("-x")]);`;
    expect(await inChild(script, around)).toEqual([false, false, false, true, true]);
    expect(isFree(file)).toBe(true);
  });

  it("ends with a process that is killed", async () => {
    const file = temporaryLock();
    const holder = scriptOn(
      file,
      "console.log(await lock.acquire()); setInterval(() => {}, 1e6);",
      {
        env: BY_PROGRAM,
      },
    );
    expect(await holder.line()).toBe("true");
    expect(isFree(file)).toBe(false);
    holder.child.kill("SIGKILL");
    await holder.end();
    expect(isFree(file)).toBe(true);
  });

  it.each([[[0]], [[1, 2]], [[0, 1, 2]]])(
    "is taken where the program has closed descriptors %j",
    async (closed) => {
      const file = temporaryLock();
      const told = `${file}.told`;
      const code = `
        const fs = process.getBuiltinModule("node:fs");
        for (const fd of ${JSON.stringify(closed)}) fs.closeSync(fd);
        const seen = [await lock.acquire(), lock.getOwnerPid() === process.pid];
        lock.release();
        fs.writeFileSync(${JSON.stringify(told)}, JSON.stringify(seen));`;
      const child = scriptOn(file, code, { env: BY_PROGRAM });
      expect(await child.end()).toEqual({ code: 0, signal: null });
      expect(readFileSync(told, "utf8")).toBe("[true,true]");
    },
  );

  it("is waited for by one program that waits, and none that tries again and again", async () => {
    const file = temporaryLock();
    const other = await heldByFlock(file);
    const around = withFlock(`echo "$*" >>$bin/starts\nexec "$flock" "$@"`);
    const env = { ...BY_PROGRAM, PATH: `${around.bin}:${process.env["PATH"]}` };
    const contender = scriptOn(file, "console.log(await lock.acquire({ wait: true }));", { env });
    await helperWaits(file);
    other.kill("SIGKILL");
    expect(await contender.line()).toBe("true");
    const starts = readFileSync(join(around.bin, "starts"), "utf8").trim().split("\n");
    expect(starts.filter((start) => start === "-x 3")).toHaveLength(1);
    expect(starts.length).toBeLessThan(6);
  });

  it("is waited for by a Worker, synchronously, and had", async () => {
    const file = temporaryLock();
    const other = await heldByFlock(file);
    const code = `
      import { Worker } from "node:worker_threads";
      const code = \`
        import { workerData } from "node:worker_threads";
        const { LockFile } = await import(workerData.module);
        console.log(new LockFile(workerData.file).acquireSync({ wait: true }));\`;
      new Worker(new URL("data:text/javascript," + encodeURIComponent(code)), {
        workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename },
      });`;
    const contender = scriptOn(file, code, { env: BY_PROGRAM });
    await helperWaits(file);
    other.kill("SIGKILL");
    expect(await contender.line()).toBe("true");
  });

  it("costs a sweep nothing but time: what is free goes, what is held stays", async () => {
    const directory = temporaryDirectory();
    const held = join(directory, ".main-backup.lock");
    const free = join(directory, ".cron.lock");
    for (const file of [held, free]) writeFileSync(file, "");
    await heldByFlock(held);
    const script = `
      const files = (locks) => locks.map(({ filename }) => filename);
      const entries = (await barman.barman.scan(args[0])).map(({ path, state }) => [path, state]);
      const { removed, held } = await barman.barman.sweep(args[0]);
      tell({ entries, removed: files(removed), held: files(held) });`;
    expect(await inChild(script, withFlock('exec "$flock" "$@"', directory))).toEqual({
      entries: expect.arrayContaining([
        [held, "held"],
        [free, "free"],
      ]),
      removed: [free],
      held: [held],
    });
    expect([existsSync(held), existsSync(free)]).toEqual([true, false]);
  });
});

describe("what goes wrong with the flock program", () => {
  const take = `
    const lock = new LockFile(args[0]);
    const seen = [];
    for (const options of [{}, { raiseIfFail: false }]) seen.push(await attempt(() => lock.acquire(options)));
    tell(seen);`;
  const taking = (flock: string) =>
    inChild<[Outcome, Outcome]>(take, withFlock(flock, temporaryLock()));

  it.each([
    ["3: No locks available", "ENOLCK"],
    ["No locks available", "ENOLCK"],
    ["3: Bad file descriptor", "EBADF"],
    ["3: Input/output error", "EIO"],
    ["I/O error", "EIO"],
    ["3: Stale file handle", "ESTALE"],
    ["3: Function not implemented", "ENOSYS"],
  ])("is the system's error, by its words: %s", async (words, code) => {
    for (const status of [1, 65]) {
      const [first, second] = await taking(`echo "flock: ${words}" >&2; exit ${status}`);
      expect(first).toMatchObject({ code, message: expect.stringContaining("x.lock") });
      expect(second).toMatchObject({ code });
    }
  });

  it("is waited out if it may pass", async () => {
    const flock = `[ -e $bin/failed ] && exec "$flock" "$@"\n: >$bin/failed; echo "flock: No locks available" >&2; exit 1`;
    const wait = "tell(await attempt(() => new LockFile(args[0]).acquire({ wait: true })));";
    expect(await inChild(wait, withFlock(flock, temporaryLock()))).toEqual({ value: true });
  });

  it("is tried again if Ctrl-C of the terminal ended it", async () => {
    const [first] = await taking(
      `[ -e $bin/ended ] && exec "$flock" "$@"\n: >$bin/ended; kill -INT $$`,
    );
    expect(first).toEqual({ value: true });
  });

  it("is told from a busy lock, whatever others write to its standard error", async () => {
    const noise = "echo \"ERROR: ld.so: object 'gone.so' cannot be preloaded: ignored.\" >&2";
    const file = temporaryLock();
    await heldByFlock(file);
    const seen = await inChild<Outcome[]>(take, withFlock(`${noise}; exec "$flock" "$@"`, file));
    expect(seen).toEqual([expect.objectContaining({ code: "LOCK_BUSY" }), { value: false }]);
  });

  it.each([
    ["lies", "exit 0", /ended as if it had the lock/],
    ["is none", 'echo "usage: something else" >&2; exit 2', /exit status 2 usage: something else/],
    ["cannot be loaded", "exit 127", /exit status 127/],
  ])("is no lock, and no busy one, if it %s", async (_what, flock, says) => {
    for (const outcome of await taking(flock)) {
      expect(outcome).toMatchObject({
        code: "LOCK_NATIVE_MISSING",
        message: expect.stringMatching(says),
      });
    }
  });

  it("is told if it vanishes while the program runs", async () => {
    const script = `
      const lock = new LockFile(args[0]);
      await lock.acquire();
      lock.release();
      fs.unlinkSync(args[1] + "/flock");
      tell(await attempt(() => lock.acquire()));`;
    const around = withFlock('exec "$flock" "$@"', temporaryLock());
    const args = [...(around.args ?? []), around.bin];
    expect(await inChild(script, { ...around, args })).toMatchObject({
      code: "LOCK_NATIVE_MISSING",
      message: expect.stringContaining(`${around.bin}/flock takes the locks`),
    });
  });

  it("is none that a relative folder of the PATH has", async () => {
    const { bin } = withFlock("exit 0");
    const script = `
      process.chdir(args[1]);
      tell([fs.existsSync("flock"), await attempt(() => new LockFile(args[0]).acquire())]);`;
    const shell = 'LOCK_CATALOGUE_FLOCK=program PATH=. exec "$@"';
    expect(await inChild(script, { args: [temporaryLock(), bin], shell })).toEqual([
      true,
      expect.objectContaining({ code: "LOCK_NATIVE_MISSING" }),
    ]);
  });
});
