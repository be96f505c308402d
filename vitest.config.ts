import { defineConfig } from "vitest/config";

const LONG_TORTURE = process.env["TORTURE"] === "long";

/** What the generator makes of the golden catalogues. */
const GOLDEN = "test/codegen/golden/**/*.test.ts";

export default defineConfig({
  test: {
    // Every test waits with a bound of its own; this is the bound behind those, also where the machine has much else to do.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // More than there are processors, as most tests wait for other processes. The projects inherit it, so that
    // `--maxWorkers` changes nothing; VITEST_MAX_WORKERS does.
    maxWorkers: "150%",
    // The long torture measures: nothing else may run beside it.
    fileParallelism: !LONG_TORTURE,
    globalSetup: ["test/torture/table.ts"],
    reporters: ["default", "./test/support/skips.ts"],
    // A test without an assertion cannot fail.
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: "product",
          include: ["test/**/*.test.ts"],
          exclude: ["test/package/**", GOLDEN],
        },
      },
      {
        // What the generator writes asserts with Node.js's own `assert`, which Vitest does not count.
        extends: true,
        test: {
          name: "generated",
          include: ["generated/**/*.test.ts", GOLDEN],
          expect: { requireAssertions: false },
        },
      },
      {
        // Installs the packed tarball into fresh projects, which needs a registry and a compiler.
        extends: true,
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/pack.ts"],
          // What one of them has downloaded, npm does not ask the registry about again for the next.
          env: { npm_config_prefer_offline: "true" },
        },
      },
    ],
  },
});
