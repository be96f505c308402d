import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.js";
import { ROOT } from "../support/root.js";

/**
 * The tests on the built files, whose coverage c8 maps back to the sources: the processes that tests start run these
 * too, so that it is one and the same script that all of them cover.
 */
export default mergeConfig(
  base,
  defineConfig({
    resolve: {
      alias: [
        {
          find: /^(?:\.\.?\/)+((?:src|codegen|generated)\/.+\.js)$/u,
          replacement: `${ROOT}/dist/$1`,
        },
      ],
    },
    test: {
      root: ROOT,
      setupFiles: ["test/coverage/setup.ts"],
      server: { deps: { external: [/\/dist\//u] } },
    },
  }),
);
