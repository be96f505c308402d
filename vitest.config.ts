import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "generated/**/*.test.ts"],
    // Every test waits with a bound of its own; this is the bound behind those.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The long form measures: nothing else may run beside it.
    fileParallelism: process.env["TORTURE"] !== "long",
    globalSetup: ["test/torture/table.ts"],
  },
});
