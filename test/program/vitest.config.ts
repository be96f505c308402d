import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.js";
import { ROOT } from "../support/root.js";

/** What does not apply if the `flock` program takes the locks: how the names of such tests begin, and why. */
const NOT_APPLICABLE: readonly (readonly [names: readonly string[], reason: string])[] = [
  [
    ["LOCK_CATALOGUE_FLOCK", "where the add-on ", "in several Workers"],
    "they choose the way themselves, or are about the add-on",
  ],
  [
    [
      "the programs that wait for us a wait polls without flock",
      "the programs that wait for us a process that can start none",
      "the programs that wait for us programs that fail",
      "the programs that wait for us a program that lies",
      "what the system may say, call by call, costs no wait its lock if no helper can be started",
      "what the system may say, call by call, costs a synchronous wait neither lock nor descriptors",
      "a process without descriptors gets the system's own error",
    ],
    "without a program, or descriptors to start it, there is no lock: test/lock/flock-program.test.ts",
  ],
  [
    ["flock(2) that cannot lock gives the system's error"],
    "it counts the calls of one process; flock-program.test.ts has the errors",
  ],
  [
    ["the tries of a contender", "a wait is never in the way who has little time left"],
    "they are about when a contender stops trying, which costs nothing, and starts a program",
  ],
  [
    ["who looks again", "who opens ", "who may only read", "who has written down that it shares"],
    "they look into the kernel's table for this process, where a program is",
  ],
  [
    [
      "released locks leave nothing behind: 100,000",
      "released locks leave nothing behind of objects",
      "a scan beside others lets the event loop run while it goes through 10,000 files",
      "what the system may say, call by call, hangs nothing",
      "withLock called 8,000 times at once",
      "a flow that takes one lock after the other does not grow",
    ],
    "they try thousands of locks, at some ms each",
  ],
];

const names = NOT_APPLICABLE.flatMap(([starts]) => starts).map(quote);

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
}

process.env["LOCK_CATALOGUE_FLOCK"] = "program";

/** The contract of the runtime, where the `flock` program takes its locks in place of fs-ext. */
const config = mergeConfig(
  base,
  defineConfig({
    test: { root: ROOT, testNamePattern: new RegExp(`^(?!\\s*(?:${names.join("|")}))`, "u") },
  }),
);
// Not beside those of the base: what is skipped here is meant to be.
if (config.test !== undefined) config.test.reporters = ["default"];

export default config;
