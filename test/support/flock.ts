import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { until } from "./bounded.js";

/** Has `sleep 60` hold or share the lock of a file through flock(1), which writes no PID; until the test ends. */
export async function heldByFlock(file: string, mode: "-x" | "-s" = "-x"): Promise<ChildProcess> {
  const flock = spawn("flock", ["-F", mode, file, "sleep", "60"]);
  onTestFinished(() => void flock.kill("SIGKILL"));
  await until("held", () => spawnSync("flock", ["-n", file, "true"]).status !== 0);
  await hasBecome(flock.pid, "sleep");
  return flock;
}

/** Waits until a process has become another program: flock(1) has the lock, and a shell has said its PID, before that. */
export async function hasBecome(pid: number | undefined, program: string): Promise<void> {
  await until(`it is ${program}`, () => {
    return readFileSync(`/proc/${pid}/comm`, "latin1") === `${program}\n`;
  });
}
