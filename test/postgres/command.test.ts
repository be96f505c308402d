import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { type ClusterLock, cluster } from "../../src/postgres/index.js";

import { cliIn, type Ending, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;
let names = 0;

/** Runs the command with the URL where it is to be. */
function command(...args: readonly string[]): Promise<Ending> {
  return cliIn({ env: { LOCK_CATALOGUE_CLUSTER: server.url() } }, ...args);
}

/** Starts `run --cluster` on the lock of a name, in a directory of its own. */
function run(name: string, options: readonly string[], ...program: readonly string[]): Running {
  const lock = ["ServerBackupLock", "--directory", temporaryDirectory(), "--server-name", name];
  const args = [MAIN, "run", ...lock, "--cluster", ...options, "--", ...program];
  return new Running(process.execPath, args, { env: { LOCK_CATALOGUE_CLUSTER: server.url() } });
}

function lockHere(name: string): ClusterLock<ServerBackupLock> {
  const hosts = cluster(server.url());
  onTestFinished(() => hosts.close());
  return hosts.lock(new ServerBackupLock(temporaryDirectory(), name));
}

const loseAll = () =>
  server.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");

describe.skipIf(!hasPostgres)("at the terminal", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  describe("run --cluster", () => {
    it("holds the lock on all hosts while a command runs, which gets the token", async () => {
      const name = `c${++names}`;
      const running = run(name, [], "sh", "-c", 'echo "token $LOCK_TOKEN"; read line; exit 7');
      const [, token] = (await running.says(/token (\d+)/u)) ?? [];
      expect(BigInt(String(token))).toBeGreaterThan(1n << 51n);
      const lock = lockHere(name);
      expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
      running.child.stdin?.end("\n");
      expect(await running.end()).toMatchObject({ code: 7, err: "" });
      expect(await lock.acquire()).toBe(true);
      expect(await lock.token()).toBeGreaterThan(BigInt(String(token)));
      await lock.release();
    });

    it("holds several locks on all hosts, and tells the token of each", async () => {
      const [one, other] = [lockHere(`c${++names}`), lockHere(`c${++names}`)];
      const words = ["run", "ServerBackupLock", "--server-name", other.file.serverName, "+"];
      const more = ["ServerBackupLock", "--server-name", one.file.serverName, "--cluster"];
      const where = ["--directory", temporaryDirectory()];
      const start = (...rest: readonly string[]): Running =>
        new Running(process.execPath, [MAIN, ...words, ...more, ...where, ...rest], {
          env: { LOCK_CATALOGUE_CLUSTER: server.url() },
        });
      const running = start("--", "sh", "-c", 'echo "$LOCK_TOKEN"; echo ready; read line');
      const [, ...tokens] = (await running.says(/^(\d+)\n(\d+)\nready/u)) ?? [];
      for (const lock of [one, other]) {
        expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
      }
      running.child.stdin?.end("\n");
      expect(await running.end()).toMatchObject({ code: 0, err: "" });
      for (const [at, lock] of [other, one].entries()) {
        expect(await lock.acquire()).toBe(true);
        expect(await lock.token()).toBeGreaterThan(BigInt(String(tokens[at])));
      }
      // One of them is busy: the other is not kept.
      await one.release();
      const busy = await start("--", "echo", "ran").end();
      expect(busy).toMatchObject({ code: 75, out: "" });
      expect(busy.err).toContain(`${other} is busy`);
      expect(await one.acquire({ raiseIfFail: false })).toBe(true);
      for (const lock of [one, other]) await lock.release();
    });

    it("says who is in the way on another host, and exits with 75", async () => {
      const lock = lockHere(`c${++names}`);
      await lock.acquire();
      for (const options of [[], ["--timeout", "100ms"]]) {
        const { code, err } = await run(lock.file.serverName, options, "true").end();
        expect(code).toBe(75);
        expect(err).toContain(`by PID ${process.pid} on`);
      }
      await lock.release();
    });

    it("waits for another host", async () => {
      const lock = lockHere(`c${++names}`);
      await lock.acquire();
      const running = run(lock.file.serverName, ["--wait"], "echo", "ran");
      await server.waited(1);
      await lock.release();
      expect(await running.end()).toMatchObject({ code: 0, out: "ran\n" });
    });

    it("ends the command with SIGTERM when the lock is lost, and exits with 76", async () => {
      const script = 'trap "echo terminated; exit 0" TERM; echo runs; while :; do sleep 0.05; done';
      const running = run(`c${++names}`, [], "sh", "-c", script);
      await running.says("runs");
      await loseAll();
      const { code, out, err } = await running.end();
      expect(out).toBe("runs\nterminated\n");
      expect(err).toContain("was lost");
      expect(code).toBe(76);
    });

    it("kills a command that does not end by itself within 5 s", async () => {
      const script = 'trap "" TERM; echo runs; while :; do sleep 0.05; done';
      const running = run(`c${++names}`, [], "sh", "-c", script);
      await running.says("runs");
      const start = performance.now();
      await loseAll();
      expect((await running.end()).code).toBe(76);
      expect(performance.now() - start).toBeGreaterThan(4900);
    });
  });

  it("who --cluster says who holds a lock, and by its exit code whether anybody does", async () => {
    const lock = lockHere(`c${++names}`);
    const args = ["who", "--cluster", "ServerBackupLock", "--server-name", lock.file.serverName];
    const free = await command(...args);
    expect(free).toMatchObject({ code: 1, err: "" });
    expect(free.out).toBe(
      `Free: nobody holds ServerBackupLock (serverName "${lock.file.serverName}") on any host.\n`,
    );
    await lock.acquire();
    const held = await command(...args);
    expect(held.code).toBe(0);
    expect(held.out).toMatch(
      new RegExp(`^PID ${process.pid} on \\S+ holds .*, since \\d{4}-`, "u"),
    );
    const json = await command(...args, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ pid: process.pid });
    await lock.release();
    expect((await command("who", "--cluster", "NoSuchLock")).err).toContain("unknown kind");
  });

  it("ls --cluster lists what is held on all hosts", async () => {
    const lock = lockHere(`c${++names}`);
    expect(await command("ls", "--cluster")).toMatchObject({
      code: 0,
      out: "No locks are held on any host.\n",
    });
    await lock.acquire();
    const token = String(await lock.token());
    const table = await command("ls", "--cluster");
    expect(table.out).toMatch(/^KIND +PARAMETERS +HOST +PID +SINCE +TOKEN/u);
    expect(table.out).toContain(`serverName=${lock.file.serverName}`);
    const json = await command("ls", "--cluster", "--json");
    expect(JSON.parse(json.out)).toEqual([
      {
        name: `.${lock.file.serverName}-backup.lock`,
        kind: "ServerBackupLock",
        parameters: { serverName: lock.file.serverName },
        host: expect.any(String),
        pid: process.pid,
        since: expect.stringMatching(/Z$/u),
        token,
      },
    ]);
    await lock.release();
    const both = await command("ls", "--cluster", temporaryDirectory());
    expect(both).toMatchObject({ code: 2 });
    expect((await command("ls")).err).toContain("missing required argument 'directory'");
  });

  it.each([
    ["no URL", {}, /needs the URL of a database in LOCK_CATALOGUE_CLUSTER/u],
    ["a wrong URL", { LOCK_CATALOGUE_CLUSTER: "mysql://a:secret@b/c" }, /is no URL of PostgreSQL/u],
    ["no server", { LOCK_CATALOGUE_CLUSTER: "postgresql:///x?host=/nonexistent" }, /ENOENT/u],
  ])("%s is an error in one line", async (_what, env, message) => {
    const { code, err } = await cliIn({ env }, "ls", "--cluster");
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toContain("secret");
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    const directory = temporaryDirectory();
    const running = await cliIn(
      { env },
      "run",
      "GlobalCronLock",
      "--directory",
      directory,
      "--cluster",
      "--",
      "true",
    );
    expect(running.code).toBe(125);
    expect(running.err).toMatch(message);
  });

  it("run that is killed leaves the command the lock of its host, and frees that of the others", async () => {
    const name = `c${++names}`;
    const running = run(name, [], "sh", "-c", "echo $$; exec sleep 30");
    const [, pid] = (await running.says(/^(\d+)$/mu)) ?? [];
    onTestFinished(() => void process.kill(Number(pid), "SIGKILL"));
    running.child.kill("SIGKILL");
    const lock = lockHere(name);
    expect(await lock.acquire({ timeout: 5000 })).toBe(true);
    process.kill(Number(pid), 0);
    await lock.release();
  });
});
