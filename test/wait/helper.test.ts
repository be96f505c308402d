import { chmodSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits, Script, scriptOn } from "../support/script.js";

describe("the programs that wait for us", () => {
  /** A process that waits for a lock with only these programs in its PATH. */
  async function waitWithPath(path: string): Promise<void> {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const code = (how: string): string => `
      import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      const inWorker = async (how) => {
        const code = \`
          import { parentPort } from "node:worker_threads";
          const { LockFile } = await import(\${JSON.stringify(import.meta.resolve("lock-catalogue"))});
          const lock = new LockFile(\${JSON.stringify(lock.filename)});
          parentPort.postMessage(\${how});
        \`;
        const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(code)));
        return (await once(worker, "message"))[0];
      };
      console.log("waiting");
      console.log(${how});
      lock.release();
    `;
    for (const how of [
      "await lock.acquire({ wait: true })",
      "lock.acquireSync({ timeout: 20_000 })",
      'await inWorker("lock.acquireSync({ timeout: 20_000 })")',
    ]) {
      // To kill a helper that could not be started was to kill the process group.
      const contender = new Script(code(how), { env: { PATH: path }, detached: true });
      expect(await contender.line()).toBe("waiting");
      // Longer than the tries that come before the queue.
      await expect(Promise.race([contender.ended, delay(300)])).resolves.toBe("late");
      await other.release([file]);
      expect(await contender.line()).toBe("true");
      expect(await contender.end()).toEqual({ code: 0, signal: null });
      await other.acquire([file], { timeout: 20_000 });
    }
  }

  it("a wait polls without flock", () => waitWithPath("/nonexistent"));

  it("a wait queues with flock alone where setpriv is not there, or cannot tie it to its parent", async () => {
    const bin = temporaryDirectory();
    symlinkSync("/usr/bin/flock", join(bin, "flock"));
    await waitWithPath(bin);
    // As BusyBox's does with an option that it does not know.
    symlinkSync("/bin/false", join(bin, "setpriv"));
    await waitWithPath(bin);
  });

  it("a helper that fails once is tried again", async () => {
    const bin = temporaryDirectory();
    const flag = join(bin, "failed");
    writeFileSync(
      join(bin, "flock"),
      `#!/bin/sh\n[ -e ${flag} ] && exec /usr/bin/flock "$@"\n: >${flag}\nexit 1\n`,
    );
    chmodSync(join(bin, "flock"), 0o755);
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       console.log(await new LockFile(${JSON.stringify(file)}).acquire({ wait: true }));`,
      { env: { PATH: bin } },
    );
    await helperWaits(file);
    await other.release([file]);
    expect(await contender.line()).toBe("true");
  });

  it("a program that cannot do it makes way for the next one, for all waits at once", async () => {
    const bin = temporaryDirectory();
    symlinkSync("/usr/bin/flock", join(bin, "flock"));
    writeFileSync(join(bin, "setpriv"), "#!/bin/sh\n/bin/sleep 0.3\nexit 1\n");
    chmodSync(join(bin, "setpriv"), 0o755);
    const files = Array.from({ length: 5 }, temporaryLock);
    const other = Peer.ours();
    for (const file of files) await other.acquire([file]);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       const locks = ${JSON.stringify(files)}.map((file) => new LockFile(file, { wait: true }));
       console.log(await Promise.all(locks.map((lock) => lock.acquire())));`,
      { env: { PATH: bin } },
    );
    await until("a helper for each", () => files.every((file) => helpersOn(file).length === 1));
    for (const file of files) await other.release([file]);
    expect(await contender.line()).toBe("[ true, true, true, true, true ]");
    expect(await contender.end()).toEqual({ code: 0, signal: null });
  });

  it("programs that fail for a while are tried again when they may work", async () => {
    const bin = temporaryDirectory();
    const broken = join(bin, "broken");
    writeFileSync(broken, "");
    for (const name of ["flock", "setpriv"]) {
      writeFileSync(
        join(bin, name),
        `#!/bin/sh\n[ -e ${broken} ] && exit 127\nPATH=/usr/bin:/bin exec /usr/bin/${name} "$@"\n`,
      );
      chmodSync(join(bin, name), 0o755);
    }
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       console.log(await new LockFile(${JSON.stringify(file)}).acquire({ wait: true }));`,
      { env: { PATH: bin } },
    );
    // It has failed with each of them several times by now.
    await delay(1000);
    unlinkSync(broken);
    await helperWaits(file);
    await other.release([file]);
    expect(await contender.line()).toBe("true");
  });

  it("programs that fail all the time are tried more and more rarely", async () => {
    const bin = temporaryDirectory();
    const starts = join(bin, "starts");
    writeFileSync(join(bin, "flock"), `#!/bin/sh\necho >>${starts}\nexit 127\n`);
    chmodSync(join(bin, "flock"), 0o755);
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       const start = performance.now();
       const got = await new LockFile(${JSON.stringify(file)}).acquire({ timeout: 3000, raiseIfFail: false });
       console.log(got, performance.now() - start);`,
      { env: { PATH: bin } },
    );
    const [got, waited] = (await contender.line()).split(" ");
    expect(got).toBe("false");
    const count = readFileSync(starts, "latin1").length;
    expect(count).toBeGreaterThan(1);
    // Pauses of 0.1, 0.2, 0.4 s and so on: with pauses that do not grow, there would be thirty.
    expect(count).toBeLessThanOrEqual(2 + Math.log2(1 + Number(waited) / 100));
    await other.release([file]);
  });

  it.each(["await lock.acquire({ wait: true })", "lock.acquireSync({ timeout: 20_000 })"])(
    "a process that can start none polls: %s",
    async (how) => {
      const file = temporaryLock();
      const other = await Peer.holding(file);
      const contender = scriptOn(
        file,
        `// More than the system hands to any program.
       process.env.TOO_MUCH = "x".repeat(2 ** 18);
       console.log("waiting");
       console.log(${how});
       lock.release();`,
      );
      expect(await contender.line()).toBe("waiting");
      await expect(Promise.race([contender.ended, delay(300)])).resolves.toBe("late");
      await other.release([file]);
      expect(await contender.line()).toBe("true");
      expect(await contender.end()).toEqual({ code: 0, signal: null });
    },
  );

  it("a program that lies about having the lock is not believed", async () => {
    const bin = temporaryDirectory();
    for (const name of ["flock", "setpriv"]) symlinkSync("/bin/true", join(bin, name));
    await waitWithPath(bin);
  });
});

function delay(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("late"), ms));
}
