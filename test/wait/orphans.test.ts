import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits, Script, scriptOn } from "../support/script.js";

/**
 * Programs that wait for us and start so slowly that their parent can be killed between its fork and the moment at
 * which they ask for a signal at its death.
 *
 * @returns their PATH, and what reads the PID of each that has been started.
 */
function slowHelpers(): { readonly path: string; readonly started: () => readonly number[] } {
  const bin = temporaryDirectory();
  const pids = join(bin, "pids");
  writeFileSync(pids, "");
  writeFileSync(
    join(bin, "setpriv"),
    `#!/bin/sh\nPATH=/usr/bin:/bin\necho $$ >>${pids}\nsleep 1\nexec setpriv "$@"\n`,
  );
  chmodSync(join(bin, "setpriv"), 0o755);
  const started = (): number[] =>
    readFileSync(pids, "latin1").split("\n").filter(Boolean).map(Number);
  return { path: `${bin}:/usr/bin:/bin`, started };
}

/** Whether a process is there, and no zombie that nobody has asked for. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1") !== "";
  } catch {
    return false;
  }
}

const IN_A_WORKER = `
  import { Worker } from "node:worker_threads";
  const code = 'import { workerData } from "node:worker_threads";' +
    "const { LockFile } = await import(workerData.module);" +
    "await new LockFile(workerData.file).acquire({ wait: true });";
  new Worker(new URL("data:text/javascript," + encodeURIComponent(code)), {
    workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename },
  });
`;

describe("the helper of a process", () => {
  it.each([
    ["its main thread", "await lock.acquire({ wait: true });"],
    ["a Worker", IN_A_WORKER],
    ["a synchronous wait", "lock.acquireSync({ wait: true });"],
  ])("that is killed while the helper starts ends: in %s", async (_where, code) => {
    const { path, started } = slowHelpers();
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const contender = scriptOn(file, code, { env: { PATH: path } });
    await until("a helper starts", () => started().length > 0);
    contender.child.kill("SIGKILL");
    await contender.end();
    // Nobody is in the queue of the lock that is held still.
    await until("it has ended", () => !started().some(isRunning));
    expect(helpersOn(file)).toEqual([]);
    expect(await holder.owner([file])).toBe(holder.pid);
  });

  it("whose Worker is terminated ends with it", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const process = scriptOn(
      file,
      `${IN_A_WORKER.replace("new Worker", "const worker = new Worker")}
       globalThis.process.once("SIGUSR2", async () => {
         await worker.terminate();
         console.log("terminated");
         setInterval(() => {}, 1000);
       });
       console.log("ready");`,
    );
    expect(await process.line()).toBe("ready");
    await helperWaits(file);
    process.child.kill("SIGUSR2");
    expect(await process.line()).toBe("terminated");
    await until("its helper ends", () => helpersOn(file).length === 0);
    expect(await holder.owner([file])).toBe(holder.pid);
  });

  // From Node.js 22.15 on.
  it.skipIf(!("execve" in process))(
    "that becomes another program keeps the lock from nobody",
    async () => {
      const file = temporaryLock();
      const holder = await Peer.holding(file);
      const contender = new Script(
        `import { LockFile } from "lock-catalogue";
         void new LockFile(${JSON.stringify(file)}).acquire({ wait: true });
         process.once("SIGUSR2", () => process.execve("/bin/sleep", ["sleep", "60"], process.env));
         setInterval(() => {}, 1000);`,
      );
      await helperWaits(file);
      contender.child.kill("SIGUSR2");
      const command = `/proc/${contender.pid}/cmdline`;
      await until("it is another program", () =>
        readFileSync(command, "latin1").startsWith("sleep"),
      );
      await holder.release([file]);
      // As a child of that program it is a zombie now: it had the lock for a moment, and gave it back by its end.
      await until("its helper ends", () => helpersOn(file).length === 0);
      await until("the lock is free", () => spawnSync("flock", ["-n", file, "true"]).status === 0);
      expect(isRunning(contender.pid)).toBe(true);
    },
  );
});
