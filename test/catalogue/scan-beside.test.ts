import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { temporaryDirectory } from "../support/directory.js";
import { Script } from "../support/script.js";
import { tries } from "../support/tries.js";

describe("a scan beside others", () => {
  it("creates and changes nothing", async () => {
    const directory = temporaryDirectory();
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    writeFileSync(join(directory, ".cron.lock"), "4711\n", { mode: 0o640 });
    const look = () =>
      readdirSync(directory).map((name) => {
        const { mode, mtimeMs, ctimeMs, size, ino } = statSync(join(directory, name));
        const text = readFileSync(join(directory, name), "latin1");
        return { name, mode, mtimeMs, ctimeMs, size, ino, text };
      });
    const before = look();
    await barman.scan(directory);
    expect(look()).toEqual(before);
    expect(held.held).toBe(true);
  });

  it("makes no contender find its lock busy", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, "main");
    lock.acquireSync();
    lock.release();
    const scanner = new Script(`
      import { barman } from "lock-catalogue/barman";
      console.log("at it");
      for (;;) await barman.scan(${JSON.stringify(directory)});
    `);
    expect(await scanner.line()).toBe("at it");
    for (let i = 0; i < tries(3_000); i++) {
      expect(lock.acquireSync()).toBe(true);
      lock.release();
    }
  });

  it("leaves out files that vanish while it looks", async () => {
    const directory = temporaryDirectory();
    for (let i = 0; i < 300; i++) writeFileSync(join(directory, `.s${i}-cron.lock`), "");
    const scanned = barman.scan(directory);
    const swept = barman.sweep(directory);
    for (const { state } of await scanned) expect(state).toMatch(/free|held/);
    await swept;
    expect(await barman.scan(directory)).toEqual([]);
  });

  it("lets the event loop run while it goes through 10,000 files", async () => {
    const directory = temporaryDirectory();
    for (let i = 0; i < 10_000; i++) writeFileSync(join(directory, `.s${i}-cron.lock`), "");
    let done = false;
    const scanned = barman.scan(directory).finally(() => {
      done = true;
    });
    let turns = 0;
    for (; !done; turns++) await setImmediate();
    expect(await scanned).toHaveLength(10_000);
    expect(turns).toBeGreaterThan(10);
  });
});
