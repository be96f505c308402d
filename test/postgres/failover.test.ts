import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { LockServerUnsuitable } from "../../src/index.js";
import { type ClusterLock, cluster } from "../../src/postgres/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasPostgres, Server } from "./server.js";

let primary: Server;

describe.skipIf(!hasPostgres)("a failover", () => {
  beforeAll(async () => {
    primary = await Server.start({ settings: { wal_level: "replica", max_wal_senders: "4" } });
  });
  afterAll(() => primary.remove());

  function lockAt(server: Server): ClusterLock<ServerBackupLock> {
    const hosts = cluster(server.url());
    onTestFinished(() => hosts.close());
    return hosts.lock(new ServerBackupLock(temporaryDirectory(), "main"));
  }

  it("has a standby that is refused, and a promoted one whose tokens are greater than all lost ones", async () => {
    const standby = await primary.standby();
    onTestFinished(() => standby.remove());
    const early = lockAt(standby);
    await expect(early.acquire({ raiseIfFail: false })).rejects.toBeInstanceOf(
      LockServerUnsuitable,
    );
    await expect(early.acquire()).rejects.toThrow("it is a standby, which grants no locks");

    // The standby stops to follow, so that what comes now is lost.
    await standby.query("ALTER SYSTEM SET primary_conninfo = ''");
    await standby.query("SELECT pg_reload_conf()");
    const old = lockAt(primary);
    let last = 0n;
    for (let i = 0; i < 20; i++) {
      await old.acquire();
      last = await old.token();
      await old.release();
      await primary.query("SELECT pg_logical_emit_message(true, 'filler', repeat('x', 100000))");
    }
    await old.acquire();
    last = await old.token();
    await standby.promote();

    // Split brain: both grant, and only the tokens tell.
    const young = lockAt(standby);
    expect(await young.acquire()).toBe(true);
    expect(await young.token()).toBeGreaterThan(last);
    expect(old.held).toBe(true);

    // The old primary is dead: its holder hears of it.
    const lost = new Promise((resolve) => old.signal.addEventListener("abort", resolve));
    await primary.down("immediate");
    await within(8000, "the loss", lost);
    await expect(old.release()).rejects.toMatchObject({ code: "LOCK_LOST" });
    await young.release();
    await primary.up();
  });

  it("has tokens that rise across crashes", async () => {
    let last = 0n;
    for (let i = 0; i < 3; i++) {
      const lock = lockAt(primary);
      await lock.acquire();
      const token = await lock.token();
      expect(token).toBeGreaterThan(last);
      last = token;
      await primary.down("immediate");
      await primary.up();
    }
  });

  it("has a server that accepts no connections yet, whose error comes through", async () => {
    await primary.down();
    const signal = join(primary.data, "standby.signal");
    writeFileSync(signal, "");
    primary.configure({ settings: { hot_standby: "off" } });
    await primary.up();
    const lock = lockAt(primary);
    const failure = lock.acquire({ raiseIfFail: false });
    await expect(failure).rejects.toMatchObject({ code: "57P03", path: lock.file.filename });
    await expect(failure).rejects.toThrow("The server starts or stops just now: try again");
    await primary.down();
    rmSync(signal);
    primary.configure({});
    await primary.up();
    expect(await lock.acquire()).toBe(true);
    await lock.release();
  });
});
