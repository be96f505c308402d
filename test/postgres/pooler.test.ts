import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { LockServerUnsuitable } from "../../src/index.js";
import { type ClusterLock, type ClusterOptions, cluster } from "../../src/postgres/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasPgBouncer, hasPostgres, PgBouncer, Server } from "./server.js";

let server: Server;

describe.skipIf(!hasPostgres || !hasPgBouncer)("through PgBouncer", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  async function lockThrough(
    mode: "session" | "transaction" | "statement",
    settings: Readonly<Record<string, string>>,
    options?: ClusterOptions,
  ): Promise<ClusterLock<ServerBackupLock>[]> {
    const pooler = await PgBouncer.start(server, mode, settings);
    onTestFinished(() => pooler.remove());
    return [1, 2].map(() => {
      const hosts = cluster(pooler.url, options);
      onTestFinished(() => hosts.close());
      return hosts.lock(new ServerBackupLock(temporaryDirectory(), "pooled"));
    });
  }

  const modes = ["session", "transaction", "statement"] as const;

  it.each(modes)("in mode %s it is refused, as it refuses what a session needs", async (mode) => {
    const [lock] = await lockThrough(mode, {});
    const failure = lock?.acquire();
    await expect(failure).rejects.toBeInstanceOf(LockServerUnsuitable);
    await expect(failure).rejects.toThrow("a connection pooler stands in between");
    expect(lock?.file.held).toBe(false);
  });

  it.each(modes)("in mode %s it is refused though it swallows the options", async (mode) => {
    const [lock] = await lockThrough(mode, { ignore_startup_parameters: "options" });
    await expect(lock?.acquire({ raiseIfFail: false })).rejects.toBeInstanceOf(
      LockServerUnsuitable,
    );
  });

  it.each(["transaction", "statement"] as const)(
    "in mode %s it is refused though the user says that it pools sessions",
    async (mode) => {
      const [lock] = await lockThrough(mode, {}, { pooler: "session" });
      const failure = lock?.acquire();
      await expect(failure).rejects.toBeInstanceOf(LockServerUnsuitable);
      await expect(failure).rejects.toThrow("gave one session to two clients");
      expect(await server.held()).toBe(0);
    },
  );

  it("in mode session it works if the user says so", async () => {
    const [a, b] = await lockThrough("session", {}, { pooler: "session" });
    if (a === undefined || b === undefined) throw new Error("no locks");
    expect(await a.acquire()).toBe(true);
    expect(await a.token()).toBeGreaterThan(0n);
    await expect(b.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    const waiting = b.acquire({ wait: true });
    await server.waited(1);
    const abort = new AbortController();
    await a.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    const aborted = a.acquire({ wait: true, signal: abort.signal });
    await server.waited(1);
    abort.abort();
    await expect(aborted).rejects.toThrow();
    await server.waited(0);
    await b.release();
    expect(await server.held()).toBe(0);
  });

  it("in mode session a pooler that ends loses the lock at once", async () => {
    const pooler = await PgBouncer.start(server, "session");
    const hosts = cluster(pooler.url, { pooler: "session" });
    onTestFinished(() => hosts.close());
    const lock = hosts.lock(new ServerBackupLock(temporaryDirectory(), "pooled"));
    await lock.acquire();
    const lost = new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
    await pooler.remove();
    await within(2000, "the loss", lost);
    await expect(lock.release()).rejects.toMatchObject({ code: "LOCK_LOST" });
    expect(barman.name).toBe("barman");
  });
});
