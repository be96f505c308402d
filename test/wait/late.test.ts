import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { closeQuietly, identityOf } from "../../src/system/open-file.js";
import { queueInKernelSync } from "../../src/wait/kernel-queue.js";
import { until } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { canLock } from "../support/foreign.js";

/** What the clock shows, one reading after the other; the last for good. */
const readings = vi.hoisted((): number[] => []);
vi.mock("../../src/clock.js", async (load) => ({
  ...(await load<typeof import("../../src/clock.js")>()),
  performance: { now: () => (readings.length > 1 ? readings.shift() : readings[0]) },
}));

const DEADLINE = 1_000;

// A thread that gets no processor for a while finds its time over between two lines.
it.each([
  ["at that moment", DEADLINE],
  ["just before", DEADLINE + 0.5],
  ["long before", DEADLINE + 9_000],
])("a synchronous wait ends whose time was over %s its helper is started", async (_when, late) => {
  const path = temporaryLock();
  // A wait without a limit would be granted the lock.
  const holder = spawn("flock", ["-x", path, "sleep", "3"]);
  onTestFinished(() => void holder.kill("SIGKILL"));
  await until("held", () => !canLock("-x", path));
  const file = { path, fd: openSync(path, "r+") };
  onTestFinished(() => closeQuietly(file.fd));
  // Two for the choice of a helper, and one for whether it is worth it.
  readings.splice(0, readings.length, ...Array<number>(3).fill(DEADLINE - 100), late);
  expect(queueInKernelSync(file, identityOf(file), "exclusive", DEADLINE)).toBe("ended");
});
