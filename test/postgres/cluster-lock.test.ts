import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { barman, ServerBackupLock, ServerXLOGDBLock } from "../../generated/index.js";
import {
  CHANNELS,
  LockFile,
  LockFileBusy,
  LockFileTimeout,
  LockLost,
  LockReleased,
} from "../../src/index.js";
import { type Cluster, type ClusterOptions, cluster } from "../../src/postgres/index.js";
import { isPending, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasPostgres, Server } from "./server.js";

let server: Server;

describe.skipIf(!hasPostgres)("a lock of the cluster", () => {
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  /** What another host would have: sessions and a directory of its own. */
  function host(options?: ClusterOptions): { hosts: Cluster; directory: string } {
    const hosts = cluster(server.url(), options);
    onTestFinished(() => hosts.close());
    return { hosts, directory: temporaryDirectory() };
  }

  /** A lock by this name, which no other test uses, on so many hosts. */
  function locks(count: number, options?: ClusterOptions) {
    const name = `x${++names}`;
    return Array.from({ length: count }, () => {
      const { hosts, directory } = host(options);
      return hosts.lock(new ServerBackupLock(directory, name));
    }) as [ReturnType<typeof one>, ReturnType<typeof one>, ReturnType<typeof one>];
  }
  const one = () => host().hosts.lock(new ServerBackupLock(temporaryDirectory(), "main"));
  let names = 0;

  it("excludes other hosts, whose lock directories are others, and its own host by the file", async () => {
    const [here, there] = locks(2);
    expect(await here.acquire()).toBe(true);
    expect(here.held).toBe(true);
    expect(here.file.held).toBe(true);
    expect(here.file.serverName).toMatch(/^x/);
    await expect(there.acquire()).rejects.toBeInstanceOf(LockFileBusy);
    expect(there.file.held).toBe(false);
    await expect(new LockFile(here.file.filename).acquire()).rejects.toThrow(LockFileBusy);
    await here.release();
    expect(here.file.held).toBe(false);
    expect(await there.acquire()).toBe(true);
    await there.release();
    expect(await server.held()).toBe(0);
  });

  it("does not ask the server if the file is busy", async () => {
    const [lock] = locks(1);
    const local = new LockFile(lock.file.filename);
    await local.acquire();
    await expect(lock.acquire()).rejects.toThrow("is held by this very process");
    expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
    expect(await server.sessions()).toEqual([]);
    local.release();
  });

  it("says who holds it, in the error and when asked", async () => {
    const [here, there] = locks(2);
    expect(await there.getOwner()).toBeNull();
    await here.acquire();
    await expect(there.acquire()).rejects.toThrow(
      new RegExp(
        String.raw`^ServerBackupLock \(serverName "x\d+"\) is busy: it is held at .*/postgres by PID ${process.pid} on `,
      ),
    );
    const me = { host: hostname(), pid: process.pid };
    expect(await here.getOwner()).toMatchObject(me);
    const owner = await there.getOwner();
    expect(owner).toMatchObject(me);
    expect(owner?.since).toEqual((await here.getOwner())?.since);
    await here.release();
  });

  it("waits, and is handed over", async () => {
    const [first, second] = locks(2);
    await first.acquire();
    const waiting = second.acquire({ wait: true });
    await server.waited(1);
    expect(await isPending(waiting)).toBe(true);
    await first.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    await second.release();
    expect(await server.held()).toBe(0);
  });

  it("waits for longer than a slice", async () => {
    const [first, second] = locks(2);
    await first.acquire();
    const waiting = second.acquire({ wait: true });
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await server.waited(1);
    await first.release();
    expect(await within(5000, "the hand-over", waiting)).toBe(true);
    await second.release();
  });

  it("gives up after its timeout, and says who was in the way", async () => {
    const [first, second] = locks(2);
    await first.acquire();
    await expect(second.acquire({ timeout: 50 })).rejects.toThrow(LockFileTimeout);
    await expect(second.acquire({ timeout: 50 })).rejects.toThrow(`by PID ${process.pid} on`);
    expect(await second.acquire({ timeout: 50, raiseIfFail: false })).toBe(false);
    expect(second.file.held).toBe(false);
    await server.waited(0);
    await first.release();
    expect(await second.acquire({ wait: true })).toBe(true);
    await second.release();
    expect(await server.held()).toBe(0);
  });

  it.each([-1, Number.NaN])("takes no timeout of %s", async (timeout) => {
    const [lock] = locks(1);
    await expect(lock.acquire({ timeout })).rejects.toThrow(RangeError);
  });

  it("ends its wait with the reason of a signal, also with raiseIfFail: false", async () => {
    const [first, second] = locks(2);
    await first.acquire();
    const abort = new AbortController();
    const reason = new Error("enough");
    const waiting = second.acquire({ wait: true, signal: abort.signal, raiseIfFail: false });
    await server.waited(1);
    abort.abort(reason);
    await expect(within(1000, "the abort", waiting)).rejects.toBe(reason);
    expect(second.file.held).toBe(false);
    await server.waited(0);
    await expect(second.acquire({ signal: abort.signal })).rejects.toBe(reason);
    await first.release();
    expect(await server.held()).toBe(0);
  });

  it("leaves no lock behind if it is aborted at the moment of the grant", async () => {
    const [first, second] = locks(2);
    for (let i = 0; i < 60; i++) {
      await first.acquire({ wait: true });
      const abort = new AbortController();
      const waiting = second.acquire({ wait: true, signal: abort.signal });
      await server.waited(1);
      const released = first.release();
      setTimeout(() => abort.abort(), i / 30);
      const got = await waiting.catch(() => false);
      await released;
      if (got) await second.release();
      expect(second.file.held).toBe(false);
    }
    expect(await first.acquire({ timeout: 5000 })).toBe(true);
    await first.release();
    expect(await server.held()).toBe(0);
  });

  it("is one holder: acquires of one object share the hold, and a release ends its waits", async () => {
    const [lock, other] = locks(2);
    expect(await Promise.all([lock.acquire(), lock.acquire()])).toEqual([true, true]);
    expect(await lock.acquire()).toBe(true);
    const waiting = other.acquire({ wait: true });
    await server.waited(1);
    await other.release();
    await expect(within(1000, "the wait", waiting)).rejects.toBeInstanceOf(LockReleased);
    expect(lock.held).toBe(true);
    await lock.release();
    await lock.release();
    expect(lock.held).toBe(false);
    await server.holds(0);
  });

  it("excludes another lock of this process whose directory is another", async () => {
    const { hosts } = host();
    const [a, b] = [temporaryDirectory(), temporaryDirectory()].map((directory) =>
      hosts.lock(new ServerXLOGDBLock(directory, "two-directories")),
    );
    if (a === undefined || b === undefined) throw new Error("no locks");
    await a.acquire();
    await expect(b.acquire({ wait: false })).rejects.toThrow(LockFileBusy);
    const waiting = b.acquire();
    expect(await isPending(waiting)).toBe(true);
    await a.release();
    expect(await waiting).toBe(true);
    expect(await server.held()).toBe(1);
    await b.release();
    expect(await server.held()).toBe(0);
  });

  it("excludes the locks of a second cluster object of this process", async () => {
    const directory = temporaryDirectory();
    const [a, b] = [host().hosts, host().hosts];
    const first = a.lock(new ServerBackupLock(directory, "second"));
    await first.acquire();
    const elsewhere = b.lock(new ServerBackupLock(temporaryDirectory(), "second"));
    await expect(elsewhere.acquire()).rejects.toThrow(LockFileBusy);
    await first.release();
  });

  it("is the same object for the same file", () => {
    const { hosts, directory } = host();
    const file = new ServerBackupLock(directory, "same");
    expect(hosts.lock(file)).toBe(hosts.lock(file));
  });

  it("is another in another namespace", async () => {
    const a = host({ namespace: "a" });
    const b = host({ namespace: "b" });
    const [one, two] = [a, b].map(({ hosts, directory }) =>
      hosts.lock(new ServerBackupLock(directory, "spaced")),
    );
    expect(await one?.acquire()).toBe(true);
    expect(await two?.acquire()).toBe(true);
    expect((await a.hosts.scan(barman)).map(({ name }) => name)).toEqual([".spaced-backup.lock"]);
    await one?.release();
    await two?.release();
  });

  it("leaves a hold of the file to who has it", async () => {
    const [lock] = locks(1);
    await lock.file.acquire();
    await lock.acquire();
    await lock.release();
    expect(lock.file.held).toBe(true);
    lock.file.release();
  });

  it("waits beyond its sessions that wait, by trying again", async () => {
    const { hosts: other, directory } = host({ waits: 1 });
    const names = ["p1", "p2", "p3"];
    const held = names.map((name) => host().hosts.lock(new ServerBackupLock(directory, name)));
    for (const lock of held) await lock.acquire();
    const elsewhere = temporaryDirectory();
    const beyond = names.map((name) => other.lock(new ServerBackupLock(elsewhere, name)));
    const waiting = beyond.map((lock) => lock.acquire({ wait: true }));
    await server.waited(1);
    expect(await server.sessions()).toHaveLength(held.length + 2);
    for (const lock of held) await lock.release();
    expect(await within(5000, "all", Promise.all(waiting))).toEqual([true, true, true]);
    for (const lock of beyond) await lock.release();
  });

  it("ends at 1,000 locks", async () => {
    const { hosts, directory } = host();
    const all = Array.from({ length: 1001 }, (_, i) =>
      hosts.lock(new LockFile(join(directory, `${i}.lock`))),
    );
    const last = all.pop();
    expect((await Promise.all(all.map((lock) => lock.acquire()))).every(Boolean)).toBe(true);
    await expect(last?.acquire()).rejects.toThrow(RangeError);
    expect(last?.file.held).toBe(false);
    const seen = await hosts.scan(barman);
    expect(seen).toHaveLength(1000);
    expect(seen.every(({ name }) => name !== null)).toBe(true);
    await Promise.all(all.map((lock) => lock.release()));
    expect(await server.held()).toBe(0);
  });

  describe("withLock", () => {
    it("runs under the lock, confirms it, and gives what the function gives", async () => {
      const [lock, other] = locks(2);
      const result = await lock.withLock(async ({ held, signal, token }) => {
        expect([held, signal.aborted, lock.held]).toEqual([true, false, true]);
        await expect(other.acquire()).rejects.toThrow(LockFileBusy);
        return token();
      });
      expect(result).toBeGreaterThan(1n << 51n);
      expect(lock.held).toBe(false);
      expect(await server.held()).toBe(0);
    });

    it("releases when the function throws", async () => {
      const [lock] = locks(1);
      const error = new Error("mine");
      await expect(lock.withLock(() => Promise.reject(error))).rejects.toBe(error);
      expect(lock.held).toBe(false);
      expect(await server.held()).toBe(0);
    });

    it("runs without the lock with raiseIfFail: false, and says so", async () => {
      const [lock, other] = locks(2);
      await lock.acquire();
      const told = await other.withLock(({ held, signal }) => ({ held, aborted: signal.aborted }), {
        raiseIfFail: false,
      });
      expect(told).toEqual({ held: false, aborted: true });
      await expect(other.withLock(() => "never")).rejects.toThrow(LockFileBusy);
      await lock.release();
    });

    it("excludes itself on one object", async () => {
      const { hosts, directory } = host();
      const lock = hosts.lock(new ServerXLOGDBLock(directory, "itself"));
      let inside = 0;
      const run = () =>
        lock.withLock(async () => {
          expect(++inside).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
        });
      await Promise.all([run(), run(), run()]);
      const holding = run();
      await expect(lock.withLock(() => {}, { wait: false })).rejects.toThrow(LockFileBusy);
      await holding;
    });

    it("runs under a hold that is there, and leaves it", async () => {
      const [lock] = locks(1);
      await lock.acquire();
      expect(await lock.withLock(({ held }) => held)).toBe(true);
      expect(lock.held).toBe(true);
      await lock.release();
    });

    it("rejects if the file was removed meanwhile, so that another on this host may have had it", async () => {
      const [lock] = locks(1);
      await expect(lock.withLock(() => rmSync(lock.file.filename))).rejects.toThrow(LockLost);
      expect(await server.held()).toBe(0);
    });
  });

  it("is released at the end of an await using block", async () => {
    const [lock] = locks(1);
    {
      await using held = lock;
      await held.acquire();
      expect(await server.held()).toBe(1);
    }
    expect(await server.held()).toBe(0);
  });

  it("has tokens that rise, one for each hold", async () => {
    const [a, b] = locks(2);
    await expect(a.token()).rejects.toThrow("is not held");
    let before = 0n;
    for (let i = 0; i < 10; i++) {
      const lock = i % 2 === 0 ? a : b;
      await lock.acquire();
      const token = await lock.token();
      expect(await lock.token()).toBe(token);
      expect(token).toBeGreaterThan(before);
      before = token;
      await lock.release();
    }
  });

  it("has a signal of each hold, and an aborted one without a hold", async () => {
    const [lock] = locks(1);
    expect(lock.signal.aborted).toBe(true);
    await lock.acquire();
    const { signal } = lock;
    expect(signal.aborted).toBe(false);
    await lock.release();
    expect(signal.aborted).toBe(false);
    expect(lock.signal.aborted).toBe(true);
  });

  it("tells the channels as its file does", async () => {
    const [lock] = locks(1);
    const told: string[] = [];
    const listen = (message: unknown): void => {
      if ((message as { path: string }).path === lock.file.filename) told.push("told");
    };
    subscribe(CHANNELS.acquired, listen);
    onTestFinished(() => void unsubscribe(CHANNELS.acquired, listen));
    await lock.acquire();
    await lock.release();
    expect(told).toEqual(["told"]);
  });

  describe("close", () => {
    it("fails the waits, loses the holds, and frees them", async () => {
      const [here, there] = locks(2);
      const { hosts, directory } = host();
      const held = hosts.lock(new ServerBackupLock(directory, "closed"));
      await held.acquire();
      await here.acquire();
      const waiting = hosts.lock(new ServerBackupLock(directory, here.file.serverName));
      const wait = waiting.acquire({ wait: true });
      await server.waited(1);
      const { signal } = held;
      await hosts.close();
      await expect(within(1000, "the wait", wait)).rejects.toThrow("the cluster was closed");
      expect(signal.reason).toBeInstanceOf(LockLost);
      await expect(held.release()).rejects.toThrow(LockLost);
      expect(held.file.held).toBe(false);
      await expect(held.acquire()).rejects.toThrow("the cluster was closed");
      await expect(hosts.scan(barman)).rejects.toThrow("the cluster was closed");
      await here.release();
      expect(await there.acquire({ timeout: 5000 })).toBe(true);
      await there.release();
    });

    it("does nothing the second time, nor before any session", async () => {
      const hosts = cluster(server.url());
      await hosts.close();
      await expect(hosts.close()).resolves.toBeUndefined();
    });
  });

  describe("scan", () => {
    it("says what is held on all hosts: names, kinds, values, holders, times, tokens", async () => {
      const { hosts, directory } = host();
      const before = new Date();
      const known = hosts.lock(new ServerBackupLock(directory, "scanned"));
      const unknown = hosts.lock(new LockFile(join(directory, "else'where\\.lock")));
      await known.acquire();
      await unknown.acquire();
      const token = await known.token();
      const seen = await host().hosts.scan(barman);
      const holder = { host: hostname(), pid: process.pid };
      expect(seen).toEqual([
        {
          name: ".scanned-backup.lock",
          kind: "ServerBackupLock",
          parameters: { serverName: "scanned" },
          ...holder,
          since: expect.any(Date),
          token,
        },
        {
          name: "else'where\\.lock",
          kind: null,
          parameters: null,
          ...holder,
          since: expect.any(Date),
          token: null,
        },
      ]);
      expect(Number(seen[0]?.since)).toBeGreaterThanOrEqual(before.getTime());
      await known.release();
      await unknown.release();
      expect(await hosts.scan(barman)).toEqual([]);
    });

    it("does not believe an answer for what another session holds", async () => {
      const [lock] = locks(1);
      await lock.acquire();
      const liar = await server.client();
      onTestFinished(() => liar.end());
      await liar.query('LISTEN "lock-catalogue"');
      liar.on("notification", ({ payload = "" }) => {
        const { reply } = JSON.parse(payload);
        const locks = [[".cron.lock", 0, null]];
        // The test may end, and its connection with it, before the answer.
        liar
          .query("SELECT pg_notify($1, $2)", [reply, JSON.stringify({ namespace: "", locks })])
          .catch(() => {});
      });
      const seen = await host().hosts.scan(barman);
      expect(seen.map(({ kind }) => kind)).toEqual(["ServerBackupLock"]);
      await lock.release();
    });

    it("is not put off by calls that are none of ours", async () => {
      const [lock] = locks(1);
      await lock.acquire();
      for (const payload of ["", "null", "{", '{"reply":"x\'; DROP"}', '{"reply":1}', "[]"]) {
        await server.query("SELECT pg_notify('lock-catalogue', $1)", [payload]);
      }
      expect(await lock.token()).toBeGreaterThan(0n);
      await lock.release();
    });
  });
});
