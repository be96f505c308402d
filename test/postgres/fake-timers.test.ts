import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { LockLost } from "../../src/index.js";
import { type Cluster, cluster } from "../../src/postgres/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { FaultyProxy } from "./faulty-proxy.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;

function hosts(url: string): Cluster {
  const made = cluster(url);
  onTestFinished(() => made.close());
  return made;
}

describe.skipIf(!hasPostgres)("with fake timers, which stand still,", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  it("waits end in time, a host that does not answer is listed, and its own loss is known to it", async () => {
    const proxy = await FaultyProxy.start(server.port);
    const before = Date.now();
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ now: 0 });
    const [here, far] = [server.url(), server.tcp({ port: proxy.port })].map((url) => {
      const cluster = hosts(url);
      return { cluster, lock: cluster.lock(new ServerBackupLock(temporaryDirectory(), "main")) };
    });
    if (here === undefined || far === undefined) throw new Error("no locks");
    expect(await within(20_000, "the lock", far.lock.acquire())).toBe(true);
    const timeout = within(20_000, "the timeout", here.lock.acquire({ timeout: 200 }));
    await expect(timeout).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    const [answered] = await within(20_000, "the list", here.cluster.scan(barman));
    expect(answered?.since?.getTime()).toBeGreaterThanOrEqual(before);
    const { signal } = far.lock;
    proxy.silence();
    const [silent] = await within(20_000, "the list without it", here.cluster.scan(barman));
    expect(silent).toMatchObject({ name: null, pid: process.pid });
    await until("the loss is known", () => signal.aborted);
    expect(signal.reason).toBeInstanceOf(LockLost);
  });

  it("a server that accepts a connection and says nothing is given up", async () => {
    const mute = createServer();
    onTestFinished(() => void mute.close());
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers();
    const lock = hosts(server.tcp({ port })).lock(new ServerBackupLock(temporaryDirectory(), "x"));
    await expect(within(30_000, "the failure", lock.acquire())).rejects.toThrow(
      /not answered for 10 s/,
    );
  });
});
