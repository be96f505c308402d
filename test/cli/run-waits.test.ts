import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { waitersOn } from "../support/proc-locks.js";
import { hasTerminal, Terminal } from "../support/terminal.js";

function waiting(file: string, ...flags: readonly string[]): Running {
  const args = ["run", "--file", file, "--wait", ...flags, "--", "echo", "ran"];
  return new Running(process.execPath, [MAIN, ...args]);
}

describe("lock-catalogue run that waits", () => {
  it("tells with --verbose who holds the lock, who is before it, and again when that changes", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    using lock = new LockFile(file);
    lock.acquireSync();
    const first = waiting(file, "--verbose");
    const held = new RegExp(
      `^lock-catalogue: waiting for LockFile: held by PID ${process.pid} \\(.*\\) since .* \\(\\d+s\\)\n$`,
    );
    await until("told", () => held.test(first.err));
    await until("queued", () => waitersOn(file)?.length === 1);
    const second = waiting(file, "--verbose");
    await until("told of the queue", () => / 1 waits before this run\n/.test(second.err));
    lock.release();
    expect(await first.end()).toMatchObject({ code: 0, out: "ran\n" });
    expect(await second.end()).toMatchObject({ code: 0, out: "ran\n" });
    // Once, as nothing changed for it.
    expect(first.err).toMatch(held);
  });

  it("says nothing in a pipe, nor with --quiet", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    const flock = await heldByFlock(file);
    const teller = waiting(file, "--verbose");
    const silent = [waiting(file), waiting(file, "--quiet")];
    // The others had as much time.
    await until("told", () => teller.err.includes(`held by PID ${flock.pid} (sleep 60)`));
    await until("queued", () => waitersOn(file)?.length === 3);
    flock.kill("SIGKILL");
    for (const run of silent) expect(await run.end()).toEqual({ code: 0, out: "ran\n", err: "" });
  });

  it.skipIf(!hasTerminal)("tells it on a terminal unasked", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    const flock = await heldByFlock(file);
    const run = new Terminal(["run", "--file", file, "--wait", "--", "echo", "ran"]);
    await run.says(`waiting for LockFile: held by PID ${flock.pid} (sleep 60)`);
    flock.kill("SIGKILL");
    expect((await run.end()).out).toMatch(/ran\r\n$/);
  });

  it("tells of two runs in runs that wait for each other, and says so when their time is over", async () => {
    const directory = temporaryDirectory();
    const [one, two] = [join(directory, "one.lock"), join(directory, "two.lock")];
    const nested = (outer: string, inner: string, ...flags: readonly string[]): Running => {
      const run = [process.execPath, MAIN, "run", "--file"];
      // The inner ones start when both outer locks are held.
      const script = `: >"$0.held"; while ! [ -e ${one}.held ] || ! [ -e ${two}.held ]; do sleep 0.05; done; exec "$@"`;
      const command = [...run, inner, ...flags, "--", "true"];
      const [node = "", ...args] = [...run, outer, "--", "sh", "-c", script, outer, ...command];
      return new Running(node, args);
    };
    const patient = nested(one, two, "--wait", "--verbose");
    const hasty = nested(two, one, "--timeout", "8s");
    const circle = (last: string) =>
      new RegExp(`deadlock: \\d+ \\(${last}\\) → \\d+ \\(.*\\) → \\d+`);
    await until("told", () => circle(one).test(patient.err));
    const ended = await hasty.end();
    expect(ended.code).toBe(75);
    expect(ended.err).toMatch(circle(two));
    expect(ended.err).toContain("Take locks in the same order everywhere");
    expect(await patient.end()).toMatchObject({ code: 0 });
  });
});
