import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ClusterStateLock, states } from "../codegen/golden/stamps-nothing/generated/index.js";
import { until } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { waitersOn } from "../support/proc-locks.js";

// As of redis: a line that a kind with a stamp would take for a garbled one.
const CONTENT = "7c9d2f vars currentEpoch 0\n";

it("a kind with stamp: none locks a file and writes nothing into it, whatever is in it", async () => {
  const directory = temporaryDirectory();
  const lock = new ClusterStateLock(directory, "alpha");
  for (const content of [CONTENT, "", "12345\n", "     \n"]) {
    writeFileSync(lock.filename, content);
    await lock.withLock(async () => {
      expect(readFileSync(lock.filename, "latin1")).toBe(content);
      // The kernel knows who holds it, the file does not.
      expect(new ClusterStateLock(directory, "alpha").getOwnerPid()).toBe(process.pid);
      const [entry] = await states.scan(directory);
      expect(entry).toMatchObject({ state: "held", holder: { pid: process.pid } });
    });
    expect(readFileSync(lock.filename, "latin1")).toBe(content);
  }
});

it("excludes, and hands over, as any other kind does", async () => {
  const directory = temporaryDirectory();
  const lock = new ClusterStateLock(directory, "alpha");
  writeFileSync(lock.filename, CONTENT);
  await lock.acquire();
  const script = `
    const lock = new LockFile(args[0], { updatePid: false });
    const now = await attempt(() => lock.acquire());
    const later = await attempt(() => lock.acquire({ timeout: 40_000 }));
    tell({ now: now.code, later, content: fs.readFileSync(args[0], "latin1") });
  `;
  const other = inChild(script, { args: [lock.filename] });
  await until("it waits", () => (waitersOn(lock.filename)?.length ?? 0) > 0);
  lock.release();
  expect(await other).toEqual({ now: "LOCK_BUSY", later: { value: true }, content: CONTENT });
});

it("is swept only where its file is empty", async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "alpha.conf"), CONTENT);
  const { removed, failed } = await states.sweep(directory);
  expect(removed).toEqual([]);
  expect(failed).toHaveLength(1);
  expect(readFileSync(join(directory, "alpha.conf"), "latin1")).toBe(CONTENT);
});
