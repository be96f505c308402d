import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { type ClusterLock, cluster } from "../../src/postgres/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";
import { ROOT } from "../support/root.js";
import { Script, type ScriptOptions } from "../support/script.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;
let names = 0;

function lockHere(name: string, directory = temporaryDirectory()): ClusterLock<ServerBackupLock> {
  const hosts = cluster(server.url());
  onTestFinished(() => hosts.close());
  return hosts.lock(new ServerBackupLock(directory, name));
}

/** Another process, with `lock` of this name in a directory of its own. */
function script(name: string, code: string, options?: ScriptOptions): Script {
  return new Script(
    `import { cluster } from "lock-catalogue/postgres";
     import { ServerBackupLock } from "lock-catalogue/barman";
     const hosts = cluster(process.env.DATABASE_URL);
     const lock = hosts.lock(new ServerBackupLock(${JSON.stringify(temporaryDirectory())}, ${JSON.stringify(name)}));
     ${code}`,
    { ...options, env: { DATABASE_URL: server.url(), ...options?.env } },
  );
}

const WAITS =
  'console.log("waits"); await lock.acquire({ wait: true }); console.log("held"); setInterval(() => {}, 1000);';

describe.skipIf(!hasPostgres)("the process of", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  it("a holder that is killed leaves the lock to the next, also one with a child that lives on", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      `await lock.acquire();
       const { spawn } = await import("node:child_process");
       const child = spawn("sleep", ["30"], { stdio: "ignore", detached: true });
       child.unref();
       console.log(child.pid); setInterval(() => {}, 1000);`,
    );
    const child = Number(await holder.line());
    onTestFinished(() => void process.kill(child, "SIGKILL"));
    const lock = lockHere(name);
    const waiting = lock.acquire({ wait: true });
    await server.waited(1);
    holder.child.kill("SIGKILL");
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    process.kill(child, 0);
    await lock.release();
  });

  it("a holder that calls process.exit leaves it as well, and one that ends need not release", async () => {
    for (const end of ["process.exit(3);", ""]) {
      const name = `p${++names}`;
      const holder = script(name, `await lock.acquire(); console.log("held"); ${end}`);
      expect(await holder.line()).toBe("held");
      const { code } = await holder.end();
      expect(code).toBe(end === "" ? 0 : 3);
      const lock = lockHere(name);
      expect(await lock.acquire({ timeout: 5000 })).toBe(true);
      await lock.release();
    }
  });

  it("a holder that is stopped keeps it, and its hold is confirmed when it goes on", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      `const alive = setInterval(() => {}, 1000);
       const end = await lock.withLock(async () => {
         const told = new Promise((resolve) => process.once("SIGUSR2", resolve));
         console.log("held");
         await told;
         return "confirmed";
       });
       console.log(end);
       clearInterval(alive);`,
    );
    expect(await holder.line()).toBe("held");
    holder.child.kill("SIGSTOP");
    const lock = lockHere(name);
    expect(await lock.acquire({ timeout: 9000, raiseIfFail: false })).toBe(false);
    holder.child.kill("SIGUSR2");
    holder.child.kill("SIGCONT");
    expect(await holder.line()).toBe("confirmed");
    expect(await holder.end()).toEqual({ code: 0, signal: null });
    expect(await lock.acquire()).toBe(true);
    await lock.release();
  });

  it("a holder that is stopped while its session is ended learns of it when it goes on", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      `const alive = setInterval(() => {}, 1000);
       const end = await lock.withLock(async ({ signal }) => {
         const lost = new Promise((resolve) => signal.addEventListener("abort", resolve));
         console.log("held");
         await lost;
       }).catch(({ code }) => code);
       console.log(end);
       clearInterval(alive);`,
    );
    expect(await holder.line()).toBe("held");
    holder.child.kill("SIGSTOP");
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
    );
    const lock = lockHere(name);
    expect(await lock.acquire({ timeout: 5000 })).toBe(true);
    holder.child.kill("SIGCONT");
    expect(await holder.line()).toBe("LOCK_LOST");
    await lock.release();
    await holder.end();
  });

  it.each(["SIGKILL", "exit"])("a waiter that ends by %s leaves no lock behind", async (how) => {
    const name = `p${++names}`;
    const lock = lockHere(name);
    await lock.acquire();
    const waiter = script(name, `process.once("SIGUSR2", () => process.exit(0)); ${WAITS}`);
    expect(await waiter.line()).toBe("waits");
    await server.waited(1);
    waiter.child.kill(how === "exit" ? "SIGUSR2" : "SIGKILL");
    await waiter.end();
    await lock.release();
    const after = lockHere(name);
    expect(await after.acquire({ timeout: 5000 })).toBe(true);
    await after.release();
  });

  it("a waiter that is stopped may be granted the lock, and has it when it goes on", async () => {
    const name = `p${++names}`;
    const lock = lockHere(name);
    await lock.acquire();
    const waiter = script(name, WAITS);
    expect(await waiter.line()).toBe("waits");
    await server.waited(1);
    waiter.child.kill("SIGSTOP");
    await lock.release();
    expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
    waiter.child.kill("SIGCONT");
    expect(await waiter.line()).toBe("held");
  });

  it("a waiter stays alive for nothing but its wait", async () => {
    const name = `p${++names}`;
    const lock = lockHere(name);
    await lock.acquire();
    const waiter = script(name, 'await lock.acquire({ wait: true }); console.log("held");');
    await server.waited(1);
    await lock.release();
    expect(await waiter.line()).toBe("held");
    expect(await waiter.end()).toEqual({ code: 0, signal: null });
  });

  it("a Worker holds for itself, and frees its lock when it ends", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      `const { Worker } = await import("node:worker_threads");
       const worker = new Worker(\`
         const { parentPort, workerData } = require("node:worker_threads");
         (async () => {
           const { cluster } = await import("lock-catalogue/postgres");
           const { ServerBackupLock } = await import("lock-catalogue/barman");
           const lock = cluster(workerData.url).lock(new ServerBackupLock(workerData.directory, ${JSON.stringify(name)}));
           await lock.acquire();
           parentPort.postMessage("held");
           setInterval(() => lock, 1000);
         })();
       \`, { eval: true, execArgv: [], workerData: { url: process.env.DATABASE_URL, directory: lock.file.filename.replace(/[^/]*$/, "") } });
       await new Promise((resolve) => worker.once("message", resolve));
       console.log(await lock.acquire({ raiseIfFail: false }));
       await worker.terminate();
       console.log(await lock.acquire({ timeout: 5000 }));
       await lock.release();`,
    );
    expect(await holder.line()).toBe("false");
    expect(await holder.line()).toBe("true");
    expect(await holder.end()).toEqual({ code: 0, signal: null });
  });

  it("a holder has no listeners on process, and no exception if its session ends", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      `setInterval(() => {}, 1000);
       const before = process.eventNames();
       await lock.acquire();
       console.log(JSON.stringify(process.eventNames().filter((name) => !before.includes(name))));
       await new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
       console.log("lost");
       setTimeout(() => process.exit(0), 100);`,
    );
    expect(await holder.line()).toBe("[]");
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
    );
    expect(await holder.line()).toBe("lost");
    expect(await holder.end()).toEqual({ code: 0, signal: null });
  });

  it("a holder whose session is ended while nobody listens goes on", async () => {
    const name = `p${++names}`;
    const holder = script(
      name,
      'await lock.acquire(); console.log("held"); setTimeout(() => console.log(lock.held), 1000);',
    );
    expect(await holder.line()).toBe("held");
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
    );
    expect(await holder.line()).toBe("false");
    expect(await holder.end()).toEqual({ code: 0, signal: null });
  });

  describe.skipIf(!hasBarman)("a real Barman on the same host", () => {
    it("holds, and the lock of the cluster is busy", async () => {
      const name = `p${++names}`;
      const directory = temporaryDirectory();
      const words = ["ServerBackupLock", directory, name];
      const peer = Peer.barman();
      await peer.acquire(words);
      const lock = lockHere(name, directory);
      await expect(lock.acquire()).rejects.toThrow(`held by PID ${peer.pid}`);
      const waiting = lock.acquire({ wait: true });
      await peer.release(words);
      expect(await within(5000, "the hand-over", waiting)).toBe(true);
      await lock.release();
    });

    it("is excluded while the lock of the cluster is held, and sees by whom", async () => {
      const name = `p${++names}`;
      const directory = temporaryDirectory();
      const words = ["ServerBackupLock", directory, name];
      const peer = Peer.barman();
      const lock = lockHere(name, directory);
      await lock.acquire();
      await expect(peer.acquire(words)).rejects.toMatchObject({ name: "LockFileBusy" });
      expect(await peer.owner(words)).toBe(process.pid);
      await lock.release();
      expect(await peer.acquire(words)).toBe(true);
    });

    it("waits on its host while another host holds, and gets the file when that one's wait is over", async () => {
      const name = `p${++names}`;
      const directory = temporaryDirectory();
      const words = ["ServerBackupLock", directory, name];
      const [far, near] = [lockHere(name), lockHere(name, directory)];
      await far.acquire();
      const waiting = near.acquire({ wait: true });
      await server.waited(1);
      const peer = Peer.barman();
      // The contender of this host has the file while it waits for the cluster.
      await expect(peer.acquire(words)).rejects.toMatchObject({ name: "LockFileBusy" });
      const barman = peer.acquire(words, { wait: true });
      await far.release();
      await waiting;
      await near.release();
      expect(await within(5000, "Barman", barman)).toBe(true);
    });

    it("looks who owns the lock, and nobody loses it", async () => {
      const name = `p${++names}`;
      const directory = temporaryDirectory();
      const words = ["ServerBackupLock", directory, name];
      const peer = Peer.barman();
      const lock = lockHere(name, directory);
      await lock.withLock(async () => {
        for (let i = 0; i < 50; i++) expect(await peer.owner(words)).toBe(process.pid);
      });
      for (let i = 0; i < 20; i++) {
        // It may look between our lock and our stamp, and then finds a PID that it cannot read.
        const looking = peer.owner(words).catch(({ name: error }) => error);
        // Barman's look takes the lock for an instant, which a wait outlasts.
        await lock.acquire({ wait: true });
        await lock.release();
        expect([null, process.pid, "LockFileParsingError"]).toContain(await looking);
      }
    });
  });
});

describe("the package", () => {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(join(ROOT, "src", name), "utf8")] as const);

  it("reaches the cluster from its own entry point and the command alone, and pg from one file", () => {
    const users = sources
      .filter(([, text]) => /["'][^"']*\/postgres\//u.test(text))
      .map(([name]) => name);
    expect(users.filter((name) => !name.startsWith("cli/"))).toEqual([]);
    const drivers = sources.filter(([, text]) => /(?:from|import\()\s*"pg"/u.test(text));
    expect(drivers.map(([name]) => name)).toEqual(["postgres/driver.ts"]);
  });

  it("names no type of pg in its declarations", () => {
    const folder = join(ROOT, "dist/src/postgres");
    const declarations = readdirSync(folder).filter((name) => name.endsWith(".d.ts"));
    expect(declarations.length).toBeGreaterThan(5);
    for (const name of declarations) {
      expect(readFileSync(join(folder, name), "utf8"), name).not.toMatch(/["']pg["']/u);
    }
  });

  it("needs no pg until a lock of the cluster is taken, and then says what to install", async () => {
    // A copy of the package in which pg cannot be found.
    const folder = temporaryDirectory();
    const home = join(folder, "node_modules/lock-catalogue");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), readFileSync(join(ROOT, "package.json")));
    cpSync(join(ROOT, "dist"), join(home, "dist"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/fs-ext"), join(folder, "node_modules/fs-ext"));
    const program = join(folder, "program.mjs");
    writeFileSync(
      program,
      `import { LockFile } from "lock-catalogue";
       import { cluster } from "lock-catalogue/postgres";
       const file = new LockFile(${JSON.stringify(join(folder, "x.lock"))});
       await file.acquire(); file.release();
       const lock = cluster("postgresql://x@localhost/x").lock(file);
       await lock.acquire({ raiseIfFail: false }).catch((error) => console.log(error.code, error.message));
       console.log(file.held);`,
    );
    const said = execFileSync(process.execPath, [program], { encoding: "utf8", timeout: 20_000 });
    expect(said).toContain("ERR_MODULE_NOT_FOUND");
    expect(said).toContain("npm install pg");
    expect(said.trim().endsWith("false")).toBe(true);
  });

  it("loads neither pg nor the cluster with its runtime", async () => {
    const script = new Script(
      `import "lock-catalogue"; import "lock-catalogue/barman";
       const { createRequire } = await import("node:module");
       const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => /node_modules\\/pg/.test(file));
       console.log(JSON.stringify(loaded));`,
    );
    expect(await script.line()).toBe("[]");
    await until("ended", () => script.child.exitCode !== null);
  });
});
