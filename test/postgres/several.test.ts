import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock, ServerCronLock, ServerXLOGDBLock } from "../../generated/index.js";
import { LockFile, withLocks } from "../../src/index.js";
import { type Cluster, cluster } from "../../src/postgres/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;
let names = 0;

/** What one host would have: sessions and a directory of its own. */
class Host {
  readonly hosts: Cluster = cluster(server.url());
  readonly directory: string = temporaryDirectory();

  constructor() {
    onTestFinished(() => this.hosts.close());
  }

  /** New objects for two locks of a name. */
  pair(name: string) {
    const { hosts, directory } = this;
    return [
      hosts.lock(new ServerBackupLock(directory, name)),
      hosts.lock(new ServerXLOGDBLock(directory, name)),
    ] as const;
  }
}

describe.skipIf(!hasPostgres)("several locks of the cluster", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  it("never deadlock on hosts that name them in different orders", async () => {
    const name = `x${++names}`;
    let inside = 0;
    let most = 0;
    const work = async (host: Host, reverse: boolean): Promise<void> => {
      for (let round = 0; round < 15; round++) {
        const pair = host.pair(name);
        const locks = reverse ? [...pair].reverse() : pair;
        const run = async (locked: boolean): Promise<void> => {
          most = Math.max(most, ++inside);
          await nextTurn();
          inside--;
          expect([locked, ...pair.map(({ held }) => held)]).toEqual([true, true, true]);
        };
        await withLocks(locks, run, { wait: true });
      }
    };
    const [here, there] = [new Host(), new Host()];
    const all = [work(here, false), work(here, true), work(there, true), work(there, false)];
    await within(60_000, "all rounds", Promise.all(all));
    expect(most).toBe(1);
    expect(await server.held()).toBe(0);
  });

  it("are all held or none, and the one that is busy is named with its holder", async () => {
    const name = `x${++names}`;
    const there = new Host().pair(name)[1];
    await there.acquire();
    const pair = new Host().pair(name);
    for (const options of [{ wait: false }, { timeout: 200 }]) {
      await expect(withLocks(pair, () => {}, options)).rejects.toThrow(
        new RegExp(
          `^ServerXLOGDBLock \\(serverName "${name}"\\) is .*busy.* by PID ${process.pid} on `,
        ),
      );
    }
    expect(await withLocks(pair, (locked) => locked, { wait: false, raiseIfFail: false })).toBe(
      false,
    );
    expect(pair.map(({ held, file }) => held || file.held)).toEqual([false, false]);
    expect(await server.held()).toBe(1);
    await there.release();
  });

  it("may be beside locks of this host, of which they are more if the file is one", async () => {
    const name = `x${++names}`;
    const host = new Host();
    const [everywhere] = host.pair(name);
    const cron = new ServerCronLock(host.directory, name);
    const twin = new LockFile(everywhere.file.filename);
    for (const locks of [
      [cron, everywhere.file, everywhere],
      [everywhere, everywhere.file, cron],
    ]) {
      const seen = await withLocks(locks, async () => [
        ...[everywhere.held, everywhere.file.held, cron.held, await server.held()],
      ]);
      expect(seen).toEqual([true, true, true, 1]);
    }
    expect(await withLocks([everywhere, twin, cron], () => twin.held)).toBe(false);
    expect(await server.held()).toBe(0);
  });

  it("rejects with LockLost if one is lost, also if the function passes the abort on", async () => {
    const name = `x${++names}`;
    const pair = new Host().pair(name);
    const lose = async (): Promise<void> => {
      const gone = new Promise((resolve) => {
        pair[0].signal.addEventListener("abort", resolve, { once: true });
      });
      await server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
      );
      await within(20_000, "the loss", gone);
    };
    await expect(withLocks(pair, lose)).rejects.toMatchObject({ code: "LOCK_LOST" });
    const abort = async (): Promise<void> => {
      await lose();
      throw new DOMException("This operation was aborted", "AbortError");
    };
    await expect(withLocks(pair, abort)).rejects.toMatchObject({ code: "LOCK_LOST" });
    const own = async (): Promise<void> => {
      await lose();
      throw new RangeError("inside");
    };
    await expect(withLocks(pair, own)).rejects.toThrow(new RangeError("inside"));
    expect(pair.map(({ held, file }) => held || file.held)).toEqual([false, false]);
  });
});
