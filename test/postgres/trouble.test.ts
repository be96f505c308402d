import { connect, createServer, type Server as NetServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { LockFileTimeout, LockServerUnsuitable } from "../../src/index.js";
import { nameOfProcess, processNamed } from "../../src/postgres/connect.js";
import { type ClusterLock, type ClusterOptions, cluster } from "../../src/postgres/index.js";
import { keyOf } from "../../src/postgres/key.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { freePort, hasPostgres, Server } from "./server.js";

let server: Server;
let names = 0;

function lockAt(url: string, options?: ClusterOptions): ClusterLock<ServerBackupLock> {
  const hosts = cluster(url, options);
  onTestFinished(async () => {
    await lock.release().catch(() => {});
    await hosts.close();
  });
  const lock = hosts.lock(new ServerBackupLock(temporaryDirectory(), `t${++names}`));
  return lock;
}

/** What an acquire fails with; it must leave nothing held on this host. */
async function failureAt(
  url: string,
  options?: ClusterOptions,
): Promise<Error & { code: string; path: string }> {
  const lock = lockAt(url, options);
  const error = await within(
    15_000,
    "the failure",
    lock.acquire({ raiseIfFail: false }).then(
      () => Promise.reject(new Error("it was acquired")),
      (error: Error & { code: string; path: string }) => error,
    ),
  );
  expect(lock.held).toBe(false);
  expect(lock.file.held).toBe(false);
  expect(error.path ?? lock.file.filename).toBe(lock.file.filename);
  expect(error.message).toContain("ServerBackupLock");
  return error;
}

/** A server that does with connections what it is told. */
async function listener(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const net: NetServer = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => net.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    net.close();
  });
  const address = net.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("cluster", () => {
  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["no URL", "db.example.com"],
    ["a URL of something else", "mysql://root:secret@localhost/x"],
    ["several hosts", "postgresql://a:secret@one:5432,two:5432/x"],
    ["a port that is none", "postgresql://a:secret@one:x/x"],
  ])("takes no URL that is %s, and does not repeat it", (_what, url) => {
    expect(() => cluster(url)).toThrow(TypeError);
    expect(() => cluster(url)).not.toThrow(/secret/u);
  });

  it.each([
    { waits: -1 },
    { waits: 1.5 },
    { waits: 101 },
    { expiry: 1000 },
    { expiry: Number.NaN },
    { expiry: Number.POSITIVE_INFINITY },
    { pooler: "transaction" as "session" },
  ])("does not take %j", (options) => {
    expect(() => cluster("postgresql://x@localhost/x", options)).toThrow(RangeError);
  });
});

describe("what a session calls itself", () => {
  it("is read back, and fits PostgreSQL's 63 bytes", () => {
    expect(processNamed(nameOfProcess(12345, "host-a"))).toEqual({ pid: 12345, host: "host-a" });
    const long = nameOfProcess(4194304, `${"h".repeat(63)}.example.com`);
    expect(Buffer.byteLength(long)).toBe(63);
    expect(processNamed(long)).toEqual({ pid: 4194304, host: "h".repeat(40) });
    expect(nameOfProcess(1, "hôte\n")).toBe("lock-catalogue 1@h?te?");
  });

  it.each([
    "",
    "psql",
    null,
    "lock-catalogue",
    "lock-catalogue 0@x",
    "lock-catalogue 1@",
    "lock-catalogue x@y",
  ])("is not %j", (name) => {
    expect(processNamed(name)).toBeNull();
  });
});

describe.skipIf(!hasPostgres)("a lock of a server that", () => {
  beforeAll(async () => {
    server = await Server.start({
      settings: {
        max_connections: "12",
        superuser_reserved_connections: "3",
        max_locks_per_transaction: "10",
      },
      hba: ["host all locked 127.0.0.1/32 scram-sha-256", "host all nobody 127.0.0.1/32 reject"],
    });
    await server.query("CREATE ROLE locked LOGIN PASSWORD 'right'");
    await server.query("CREATE ROLE nobody LOGIN");
    await server.query("CREATE ROLE poor LOGIN");
  });
  afterAll(() => server.remove());

  it("is not there fails with the system's error", async () => {
    const error = await failureAt(`postgresql://x@127.0.0.1:${await freePort()}/x`);
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    expect(error.message).toMatch(
      /cannot be had at 127\.0\.0\.1:\d+\/x: connect ECONNREFUSED .* See whether the server runs/u,
    );
  });

  it("is not there under any address of its name fails with what each said", async () => {
    const error = await failureAt(`postgresql://x@localhost:${await freePort()}/x`);
    expect(error.message).toMatch(/connect ECONNREFUSED/u);
  });

  it("has no socket there fails with the system's error", async () => {
    const error = await failureAt("postgresql:///x?host=/nonexistent");
    expect(error).toMatchObject({ code: "ENOENT" });
  });

  it("has a name that nobody knows fails with the system's error", async () => {
    const error = await failureAt("postgresql://x@host.invalid/x");
    expect(error.message).toContain("host.invalid");
  });

  it("refuses the password fails with the driver's error, and does not repeat it", async () => {
    const error = await failureAt(server.tcp({ user: "locked:secret" }));
    expect(error).toMatchObject({ code: "28P01", name: "error" });
    expect(error.message).toContain("Check the user and the password");
    expect(`${error.message}${error.stack}`).not.toContain("secret");
    expect(await lockAt(server.tcp({ user: "locked:right" })).acquire()).toBe(true);
  });

  it("refuses the host fails with the driver's error", async () => {
    expect(await failureAt(server.tcp({ user: "nobody" }))).toMatchObject({ code: "28000" });
  });

  it("has no such database fails with the driver's error", async () => {
    const error = await failureAt(server.url({ database: "nosuch" }));
    expect(error).toMatchObject({ code: "3D000" });
    expect(error.message).toContain('database "nosuch" does not exist');
  });

  it("has no connection to spare fails with the driver's error, but waits get by with one", async () => {
    const poor = server.url({ user: "poor" });
    const held = lockAt(server.url());
    await held.acquire();
    const hosts = [];
    let failure: unknown;
    while (failure === undefined && hosts.length < 20) {
      const one = cluster(poor);
      onTestFinished(() => one.close());
      hosts.push(one);
      const lock = one.lock(new ServerBackupLock(temporaryDirectory(), `spare${hosts.length}`));
      failure = await lock.acquire().then(
        () => lock.release(),
        (error: unknown) => error,
      );
    }
    expect(failure).toMatchObject({ code: "53300" });
    expect((failure as Error).message).toContain("Raise max_connections");
    expect(hosts.length).toBeGreaterThan(3);
    const waiter = hosts[0]?.lock(new ServerBackupLock(temporaryDirectory(), held.file.serverName));
    const waiting = waiter?.acquire({ wait: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await held.release();
    expect(await waiting).toBe(true);
    await waiter?.release();
  });

  it("hangs up fails with the driver's error", async () => {
    const port = await listener((socket) => socket.destroy());
    const error = await failureAt(`postgresql://x@127.0.0.1:${port}/x`);
    expect(error.message).toMatch(/terminated|ECONNRESET/u);
  });

  it("says something else than PostgreSQL fails with an error", async () => {
    const port = await listener((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await failureAt(`postgresql://x@127.0.0.1:${port}/x`)).toBeInstanceOf(Error);
  });

  it("says nothing fails after 10 s, and a timeout or a signal before", async () => {
    const port = await listener(() => {});
    const url = `postgresql://x@127.0.0.1:${port}/x`;
    const failing = failureAt(url);
    await expect(lockAt(url).acquire({ timeout: 100 })).rejects.toBeInstanceOf(LockFileTimeout);
    const aborted = lockAt(url).acquire({ signal: AbortSignal.timeout(50) });
    await expect(within(1000, "the abort", aborted)).rejects.toMatchObject({
      name: "TimeoutError",
    });
    expect(await failing).toMatchObject({ code: "ETIMEDOUT" });
  });

  it("has a full lock table fails with the driver's error", async () => {
    const hog = await server.client();
    await expect(
      hog.query("SELECT count(pg_advisory_lock(i)) FROM generate_series(1, 100000) AS i"),
    ).rejects.toMatchObject({ code: "53200" });
    // As long as a session holds so many, there is no room for another.
    const lock = lockAt(server.url());
    const error: Error & { code?: string } = await lock.acquire().then(
      () => Promise.reject(new Error("acquired")),
      (reason) => reason,
    );
    expect(error.code).toBe("53200");
    expect(lock.file.held).toBe(false);
    await hog.end();
  });

  it("refuses a setting as one before version 14 does is unsuitable", async () => {
    // A real server, asked for a setting that it does not know under that name.
    const port = await listener((socket) => {
      const real = connect(server.port, "127.0.0.1");
      real.on("error", () => {});
      socket.on("data", (data) => {
        const text = data
          .toString("latin1")
          .replace("idle_session_timeout", "idle_session_timeoux");
        real.write(Buffer.from(text, "latin1"));
      });
      real.pipe(socket);
    });
    const error = await failureAt(`postgresql://postgres@127.0.0.1:${port}/postgres`);
    expect(error).toBeInstanceOf(LockServerUnsuitable);
    expect(error.message).toContain("older than PostgreSQL 14");
    expect(error.code).toBe("LOCK_SERVER_UNSUITABLE");
  });

  it("gives a role no rights but to connect is good enough for all", async () => {
    await server.query("CREATE DATABASE bare");
    await server.query(
      "REVOKE ALL ON DATABASE bare FROM PUBLIC; GRANT CONNECT ON DATABASE bare TO poor",
    );
    await server.query("REVOKE ALL ON SCHEMA public FROM PUBLIC", [], "bare");
    await server.query("ALTER ROLE poor SET default_transaction_read_only = on");
    const url = server.url({ user: "poor", database: "bare" });
    const [lock, admin] = [lockAt(url), lockAt(server.url({ database: "bare" }))];
    await lock.acquire();
    expect(await lock.token()).toBeGreaterThan(0n);
    const same = cluster(server.url({ database: "bare" }));
    onTestFinished(() => same.close());
    const other = same.lock(new ServerBackupLock(temporaryDirectory(), lock.file.serverName));
    await expect(other.acquire()).rejects.toThrow(`by PID ${process.pid} on`);
    expect(await same.scan(barman)).toHaveLength(1);
    // The same for who is poor and asks about the rich.
    await admin.acquire();
    const poor = cluster(url);
    onTestFinished(() => poor.close());
    expect(await poor.scan(barman)).toHaveLength(2);
    await lock.release();
    await admin.release();
  });

  it("has a function or an operator of the same name in front locks all the same", async () => {
    await server.query("CREATE DATABASE shadow");
    await server.query(
      `CREATE SCHEMA evil;
       CREATE FUNCTION evil.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
       CREATE FUNCTION evil.pg_advisory_unlock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
       CREATE FUNCTION evil.never(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';
       CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.never);
       ALTER DATABASE shadow SET search_path = evil, pg_catalog`,
      [],
      "shadow",
    );
    const [a, b] = [
      lockAt(server.url({ database: "shadow" })),
      cluster(server.url({ database: "shadow" })),
    ];
    onTestFinished(() => b.close());
    await a.acquire();
    const other = b.lock(new ServerBackupLock(temporaryDirectory(), a.file.serverName));
    await expect(other.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    const waiting = other.acquire({ wait: true });
    await server.waited(1);
    await a.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    await other.release();
  });

  it("has timeouts for its roles, or a URL with some, keeps the locks all the same", async () => {
    await server.query(
      "CREATE ROLE hasty LOGIN; ALTER ROLE hasty SET statement_timeout = 200; ALTER ROLE hasty SET lock_timeout = 100; ALTER ROLE hasty SET idle_session_timeout = 300",
    );
    const url = `${server.url({ user: "hasty" })}&statement_timeout=150&application_name=mine&options=-c%20statement_timeout%3D120`;
    const [a, b] = [lockAt(url), cluster(url)];
    onTestFinished(() => b.close());
    await a.acquire();
    const other = b.lock(new ServerBackupLock(temporaryDirectory(), a.file.serverName));
    const waiting = other.acquire({ wait: true });
    await new Promise((resolve) => setTimeout(resolve, 800));
    await a.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    await other.release();
  });

  it("waits for a standby that is not there gives tokens all the same", async () => {
    await server.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await server.query("SELECT pg_reload_conf()");
    const lock = lockAt(server.url());
    await lock.acquire();
    expect(await within(3000, "the token", lock.token())).toBeGreaterThan(0n);
    await lock.release();
    await server.query("ALTER SYSTEM RESET synchronous_standby_names");
    await server.query("SELECT pg_reload_conf()");
  });

  it("has revoked what a token needs says so, and keeps the lock", async () => {
    await server.query("CREATE DATABASE strict");
    await server.query(
      "REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text) FROM PUBLIC",
      [],
      "strict",
    );
    const lock = lockAt(server.url({ user: "poor", database: "strict" }));
    await lock.acquire();
    await expect(lock.token()).rejects.toMatchObject({ code: "42501", path: lock.file.filename });
    expect(lock.held).toBe(true);
    await lock.release();
  });

  it("has a session of somebody else with the lock says what it knows", async () => {
    const lock = lockAt(server.url());
    const psql = await server.client();
    onTestFinished(() => psql.end());
    await psql.query("SET application_name = 'by hand'");
    await psql.query("SELECT pg_advisory_lock($1)", [
      keyOf("", `.${lock.file.serverName}-backup.lock`),
    ]);
    await expect(lock.acquire()).rejects.toThrow(
      /by session \d+ of the server, which calls itself "by hand"/u,
    );
    await expect(lock.getOwner()).rejects.toMatchObject({ code: "LOCK_STAMP_GARBLED" });
  });

  it.each(["VACUUM", "CREATE INDEX CONCURRENTLY"])(
    "runs %s beside a waiter keeps it waiting for a slice at most",
    async (what) => {
      const [a, hosts] = [lockAt(server.url()), cluster(server.url())];
      onTestFinished(() => hosts.close());
      await a.acquire();
      const other = hosts.lock(new ServerBackupLock(temporaryDirectory(), a.file.serverName));
      const waiting = other.acquire({ wait: true });
      await server.waited(1);
      const table = `t${++names}`;
      await server.query(`CREATE TABLE ${table} AS SELECT generate_series(1, 1000) AS i`);
      await server.query(`DELETE FROM ${table}`);
      const text =
        what === "VACUUM" ? `VACUUM ${table}` : `CREATE INDEX CONCURRENTLY ON ${table} (i)`;
      await within(20_000, what, server.query(text));
      await a.release();
      expect(await within(5000, "the hand-over", waiting)).toBe(true);
      await other.release();
    },
    40_000,
  );
});
