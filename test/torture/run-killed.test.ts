import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/bounded.js";
import { MAIN } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { report, scale, seeded } from "./scale.js";

/** A command that finds another one inside says so: `mkdir` succeeds for one at a time. */
const COMMAND = `
  echo begin | tee -a log
  mkdir inside 2>/dev/null || echo VIOLATION >>log
  sleep "$0"
  rmdir inside
  echo end >>log`;

it("run that is killed at any moment never lets a second command in beside a living one", async () => {
  const cwd = temporaryDirectory();
  const log = join(cwd, "log");
  writeFileSync(log, "");
  const random = seeded("run, killed");
  const running = new Set<ChildProcess>();
  onTestFinished(() => {
    for (const child of running) child.kill("SIGKILL");
  });
  let killed = 0;
  const rounds = scale(10, 400);

  async function contend(program: readonly string[]): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const [name = "", ...args] = [...program, "sh", "-c", COMMAND, String(random() / 4)];
      const child = spawn(name, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
      running.add(child);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const timers: NodeJS.Timeout[] = [];
      const killIn = (ms: number): void => {
        timers.push(setTimeout(() => child.kill("SIGKILL") && killed++, ms));
      };
      // Most are killed while the command runs, some while they start or wait.
      if (random() < 0.2) killIn(random() * 1000);
      if (random() < 0.7) child.stdout.once("data", () => killIn(random() * 100));
      await ended;
      for (const timer of timers) clearTimeout(timer);
      running.delete(child);
    }
  }

  const run = [process.execPath, MAIN, "run", "--file", "x.lock", "--wait", "--"];
  await Promise.all([contend(run), contend(run), contend(run), contend(["flock", "x.lock"])]);
  const lines = (): string[] => readFileSync(log, "utf8").trimEnd().split("\n");
  const count = (what: string): number => lines().filter((line) => line === what).length;
  // Commands whose run was killed go on, and nothing but their end frees the lock.
  await until("all have ended", () => count("begin") === count("end"));
  report(
    `exclusion: ${count("begin")} commands of run and of flock(1), of which ${killed} were killed`,
    `${count("VIOLATION")} violations`,
    "0",
  );
  expect(killed).toBeGreaterThan(0);
  expect(count("begin")).toBeGreaterThan(0);
  expect(lines()).not.toContain("VIOLATION");
});
