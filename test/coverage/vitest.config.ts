import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.js";
import { ROOT } from "../support/root.js";
import { CHILDREN } from "./provider.js";

/**
 * The tests on the built files, whose coverage is mapped back to the sources: the processes that tests start
 * run these too, so that it is one and the same script that all of them cover.
 */
export default mergeConfig(
  base,
  defineConfig({
    resolve: {
      alias: [
        {
          find: /^(?:\.\.?\/)+((?:src|codegen|generated)\/.+\.js)$/u,
          replacement: `${ROOT}dist/$1`,
        },
      ],
    },
    test: {
      root: ROOT,
      // Not read by the process that finds it there when it is running already, but by those that it starts.
      env: { NODE_V8_COVERAGE: CHILDREN },
      server: { deps: { external: [/\/dist\//u] } },
      coverage: {
        enabled: true,
        provider: "custom",
        customProviderModule: fileURLToPath(new URL("provider.ts", import.meta.url)),
        include: ["dist/{src,codegen}/**/*.js"],
        reporter: ["text", "html", "json"],
        skipFull: true,
        reportOnFailure: true,
        thresholds: { 100: true },
      },
    },
  }),
);
