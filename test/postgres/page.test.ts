import { hostname } from "node:os";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { type ClusterLock, cluster } from "../../src/postgres/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { section, statements } from "../support/documents.js";
import { hasPostgres, Server } from "./server.js";

const PAGE = "docs/many-hosts.md";

describe.skipIf(!hasPostgres)(PAGE, () => {
  let server: Server;
  let db: pg.Client;
  beforeAll(async () => {
    server = await Server.start();
    db = new pg.Client(server.url());
    await db.connect();
  });
  afterAll(async () => {
    await db.end();
    await server.remove();
  });

  /** A lock as a host of its own has it. */
  function lock(): ClusterLock<ServerBackupLock> {
    const hosts = cluster(server.url());
    onTestFinished(() => hosts.close());
    return hosts.lock(new ServerBackupLock(temporaryDirectory(), "main"));
  }

  it("has a table that refuses what an old holder writes", async () => {
    const [create = "", update = "", ...others] = statements(PAGE, "Fencing");
    expect(others).toEqual([]);
    await db.query(create);
    await db.query("INSERT INTO servers (name) VALUES ('main')");
    const tokens: string[] = [];
    for (const held of [lock(), lock()]) {
      await held.withLock(async ({ token }) => void tokens.push(String(await token())));
    }
    const [old, young] = tokens;
    const write = async (id: string, token: string | undefined) =>
      (await db.query(update, [id, token])).rowCount;
    expect(await write("first", old)).toBe(1);
    expect(await write("second", young)).toBe(1);
    expect(await write("late", old)).toBe(0);
    expect((await db.query("SELECT last_backup FROM servers")).rows).toEqual([
      { last_backup: "second" },
    ]);
  });

  it("has statements that tell who holds and who waits, and how full the server is", async () => {
    const [holders = "", ...counts] = statements(PAGE, "Monitoring");
    const [holder, waiter] = [lock(), lock()];
    await holder.acquire();
    const abort = new AbortController();
    const waiting = waiter.acquire({ signal: abort.signal, wait: true }).catch(() => "ended");
    const name = `lock-catalogue ${process.pid}@${hostname()}`;
    const told = async () => (await db.query(holders)).rows;
    await expect.poll(told, { timeout: 20_000 }).toMatchObject([
      { application_name: name, granted: true, waitstart: null },
      { application_name: name, granted: false },
    ]);
    expect(counts).toHaveLength(2);
    for (const statement of counts) {
      const [row] = (await db.query({ text: statement, rowMode: "array" })).rows;
      for (const value of row ?? ["nothing"]) expect(Number(value)).toBeGreaterThan(0);
    }
    abort.abort();
    expect(await waiting).toBe("ended");
    await holder.release();
  });

  it("shows what ls and who print", async () => {
    const [block] = section(PAGE, "At the terminal");
    const shown = (block?.text ?? "")
      .split(/^\$ /mu)
      .filter((step) => /^npx .* (?:ls|who) /u.test(step));
    expect(shown).toHaveLength(2);
    const held = lock();
    await held.acquire();
    await held.token();
    const plain = (text: string) =>
      text
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \([^)]*\)/gu, "TIME")
        .replaceAll(hostname(), "host-a")
        .replaceAll(/\b\d+\b/gu, "N")
        .replaceAll(/ +/gu, " ");
    for (const step of shown) {
      const [, command = "", output = ""] =
        /^npx lock-catalogue (.*)\n([\s\S]*)$/u.exec(step) ?? [];
      const env = { LOCK_CATALOGUE_CLUSTER: server.url() };
      const { out } = await cliIn({ env }, ...command.split(" "));
      expect(plain(out)).toBe(plain(output));
    }
    await held.release();
  });
});
