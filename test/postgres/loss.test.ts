import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { type AcquiredMessage, CHANNELS, LockLost, type LostMessage } from "../../src/index.js";
import { type ClusterLock, type ClusterOptions, cluster } from "../../src/postgres/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { FaultyProxy } from "./faulty-proxy.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;
let names = 0;

/** A lock by one name on each of some hosts. */
function locksAt(
  urls: readonly string[],
  options?: ClusterOptions,
): ClusterLock<ServerBackupLock>[] {
  const name = `l${++names}`;
  return urls.map((url) => {
    const hosts = cluster(url, options);
    const lock = hosts.lock(new ServerBackupLock(temporaryDirectory(), name));
    onTestFinished(async () => {
      await lock.release().catch(() => {});
      await hosts.close();
    });
    return lock;
  });
}

/** The loss that the signal of a hold tells of. */
async function lossOf(lock: ClusterLock<ServerBackupLock>, ms: number): Promise<LockLost> {
  const { signal } = lock;
  await until("told of the loss", () => signal.aborted, ms);
  expect(signal.reason).toBeInstanceOf(LockLost);
  return signal.reason;
}

/** Acquires as soon as the server accepts connections again. */
async function acquireAtLast(lock: ClusterLock<ServerBackupLock>): Promise<void> {
  for (const end = performance.now() + 20_000; ; ) {
    try {
      if (await lock.acquire({ timeout: 10_000 })) return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function pidOf(lock: ClusterLock<ServerBackupLock>): Promise<number> {
  const [row] = await server.query(
    "SELECT l.pid FROM pg_locks l WHERE locktype = 'advisory' AND granted ORDER BY pid DESC",
  );
  expect(lock.held).toBe(true);
  return Number(row?.["pid"]);
}

describe.skipIf(!hasPostgres)("a lock is lost", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  /** Each ends the session of a holder, or the server with it. */
  const ends: [string, (pid: number) => Promise<unknown>][] = [
    ["its session is terminated", (pid) => server.query("SELECT pg_terminate_backend($1)", [pid])],
    [
      "its session is killed, which restarts the server",
      async (pid) => process.kill(pid, "SIGKILL"),
    ],
    [
      "the server crashes",
      async () => {
        await server.down("immediate");
        await server.up();
      },
    ],
    [
      "the server is restarted",
      async () => {
        await server.down("fast");
        await server.up();
      },
    ],
  ];

  it.each(ends)("when %s", async (_what, end) => {
    const [here, there] = locksAt([server.url(), server.url()]) as [
      ClusterLock<ServerBackupLock>,
      ClusterLock<ServerBackupLock>,
    ];
    const losses: LostMessage[] = [];
    const listen = (message: unknown): void => void losses.push(message as LostMessage);
    subscribe(CHANNELS.lost, listen);
    onTestFinished(() => void unsubscribe(CHANNELS.lost, listen));
    let acquired: unknown;
    const note = (message: unknown): void => {
      const { id, path } = message as AcquiredMessage;
      if (path === here.file.filename) acquired = id;
    };
    subscribe(CHANNELS.acquired, note);
    onTestFinished(() => void unsubscribe(CHANNELS.acquired, note));
    await here.acquire();
    const { signal } = here;
    await end(await pidOf(here));
    const loss = await lossOf(here, 8000);
    expect(here.held).toBe(false);
    expect(loss.message).toMatch(
      /^ServerBackupLock \(serverName "l\d+"\) was lost: the session that held it at .* has ended \(.+\)\. Another host may hold it now/u,
    );
    expect(loss).toMatchObject({ code: "LOCK_LOST", path: here.file.filename });
    expect(loss.cause).toBeInstanceOf(Error);
    expect(losses).toEqual([
      {
        id: acquired,
        kind: "ServerBackupLock",
        path: here.file.filename,
        held: expect.any(Number),
        error: loss,
      },
    ]);
    // The file keeps this host out until the holder has stopped what it does.
    expect(here.file.held).toBe(true);
    await expect(here.acquire()).rejects.toBe(loss);
    await expect(here.token()).rejects.toBe(loss);
    await expect(here.release()).rejects.toBe(loss);
    expect(here.file.held).toBe(false);
    await here.release();
    // Nobody connects again by himself; who asks anew gets a new hold.
    await acquireAtLast(there);
    await there.release();
    expect(await here.acquire()).toBe(true);
    expect(here.signal.aborted).toBe(false);
    expect(signal.aborted).toBe(true);
    await here.release();
  });

  it("and withLock says so: if its function ends, passes the abort on, or throws by itself", async () => {
    const [lock] = locksAt([server.url()]);
    if (lock === undefined) throw new Error("no lock");
    const lose = async (signal: AbortSignal): Promise<void> => {
      await server.query("SELECT pg_terminate_backend($1)", [await pidOf(lock)]);
      await until("told", () => signal.aborted, 8000);
    };
    const ended = lock.withLock(({ signal }) => lose(signal));
    await expect(ended).rejects.toBeInstanceOf(LockLost);
    const passed = lock.withLock(async ({ signal }) => {
      await lose(signal);
      signal.throwIfAborted();
    });
    await expect(passed).rejects.toBeInstanceOf(LockLost);
    const aborted = lock.withLock(async ({ signal }) => {
      await lose(signal);
      throw new DOMException("stopped", "AbortError");
    });
    await expect(aborted).rejects.toBeInstanceOf(LockLost);
    const own = new Error("mine");
    const thrown = lock.withLock(async ({ signal }) => {
      await lose(signal);
      throw own;
    });
    await expect(thrown).rejects.toBe(own);
    expect(lock.file.held).toBe(false);
  });

  it("and withLock says so at its end, though nobody told before", async () => {
    const proxy = await FaultyProxy.start(server.port);
    const [lock] = locksAt([server.tcp({ port: proxy.port })]);
    const silenced = lock?.withLock(() => proxy.silence());
    await expect(within(9000, "the end", silenced ?? Promise.resolve())).rejects.toBeInstanceOf(
      LockLost,
    );
  });

  it("with all that its session held, and with nothing that others hold", async () => {
    const hosts = cluster(server.url());
    onTestFinished(() => hosts.close());
    const other = cluster(server.url());
    onTestFinished(() => other.close());
    const busy = other.lock(new ServerBackupLock(temporaryDirectory(), "waited"));
    await busy.acquire();
    const directory = temporaryDirectory();
    const [a, b, waited] = ["a", "b", "waited"].map((name) =>
      hosts.lock(new ServerBackupLock(directory, name)),
    );
    if (a === undefined || b === undefined || waited === undefined) throw new Error("no locks");
    await a.acquire();
    await b.acquire();
    const waiting = waited.acquire({ wait: true });
    await server.waited(1);
    await busy.release();
    await waiting;
    const [main] = await server.sessions();
    const mains = await server.query(
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted GROUP BY pid HAVING count(*) = 2",
    );
    expect(main).toBeDefined();
    await server.query("SELECT pg_terminate_backend($1)", [mains[0]?.["pid"]]);
    await lossOf(a, 8000);
    await lossOf(b, 8000);
    expect(waited.held).toBe(true);
    await waited.release();
    await expect(a.release()).rejects.toBeInstanceOf(LockLost);
    await expect(b.release()).rejects.toBeInstanceOf(LockLost);
    expect(await a.acquire()).toBe(true);
    await a.release();
  });

  it("within 8 s when the network goes silent, and its waits fail", async () => {
    const proxy = await FaultyProxy.start(server.port);
    const [lock] = locksAt([server.tcp({ port: proxy.port })]);
    if (lock === undefined) throw new Error("no lock");
    await lock.acquire();
    const start = performance.now();
    proxy.silence();
    const loss = await lossOf(lock, 9000);
    expect(performance.now() - start).toBeLessThan(8500);
    expect((loss.cause as NodeJS.ErrnoException).code).toBe("ETIMEDOUT");
    await expect(lock.release()).rejects.toBe(loss);
  });

  it("and the server frees it by itself, with an expiry, if a proxy swallows the silence", async () => {
    const proxy = await FaultyProxy.start(server.port);
    const [lock] = locksAt([server.tcp({ port: proxy.port })], { expiry: 16_000 });
    const [, other] = [lock, cluster(server.url())];
    if (lock === undefined) throw new Error("no lock");
    onTestFinished(() => other.close());
    await lock.acquire();
    proxy.silence();
    const next = other.lock(new ServerBackupLock(temporaryDirectory(), lock.file.serverName));
    await lossOf(lock, 9000);
    expect(await next.acquire({ raiseIfFail: false })).toBe(false);
    expect(await within(15_000, "the expiry", next.acquire({ wait: true }))).toBe(true);
    await next.release();
  });

  it("but not by a beat that is late: an event loop that stands still for 7 s keeps it", async () => {
    const [lock] = locksAt([server.url()]);
    if (lock === undefined) throw new Error("no lock");
    await lock.withLock(async ({ signal }) => {
      for (const ms of [2100, 7000]) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        await new Promise((resolve) => setTimeout(resolve, 2100));
        expect(signal.aborted).toBe(false);
      }
    });
  });

  it("and a wait whose session ends fails with the driver's error, and leaves nothing", async () => {
    const [here, there] = locksAt([server.url(), server.url()]);
    if (here === undefined || there === undefined) throw new Error("no locks");
    await here.acquire();
    const waiting = there.acquire({ wait: true });
    waiting.catch(() => {});
    await server.waited(1);
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    await expect(within(5000, "the wait", waiting)).rejects.toMatchObject({
      code: "57P01",
      path: there.file.filename,
    });
    expect(there.file.held).toBe(false);
    await here.release();
    expect(await there.acquire()).toBe(true);
    await there.release();
  });

  it("but not by a cancel, which a wait survives as well", async () => {
    const [here, there] = locksAt([server.url(), server.url()]);
    if (here === undefined || there === undefined) throw new Error("no locks");
    await here.acquire();
    const waiting = there.acquire({ wait: true });
    for (let i = 0; i < 20; i++) {
      await server.waited(1);
      await server.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lock-catalogue %'",
      );
    }
    await server.waited(1);
    expect(here.held).toBe(true);
    await here.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    await there.release();
  });
});
