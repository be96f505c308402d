import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "@vitest/coverage-v8";
import { V8CoverageProvider } from "@vitest/coverage-v8/dist/provider.js";

/** Where Node.js leaves what a process has covered, when that ends by itself. */
export const CHILDREN: string = fileURLToPath(new URL("../../coverage/children", import.meta.url));

const BUILT = new URL("../../dist/", import.meta.url);

/** Vitest's coverage, with that of the processes that tests start. */
class Provider extends V8CoverageProvider {
  override async clean(all?: boolean): Promise<void> {
    await super.clean(all);
    rmSync(CHILDREN, { recursive: true, force: true });
    mkdirSync(CHILDREN, { recursive: true });
    // Some of them run as another user.
    chmodSync(CHILDREN, 0o777);
  }

  override async readCoverageFiles(
    callbacks: Parameters<V8CoverageProvider["readCoverageFiles"]>[0],
  ): Promise<void> {
    for (const name of readdirSync(CHILDREN)) {
      const { result }: { result: Profiler.ScriptCoverage[] } = JSON.parse(
        readFileSync(join(CHILDREN, name), "utf8"),
      );
      const ours = result.flatMap((script) => {
        // Some tests run a copy of the package, which is of the same text.
        const file = /^file:.*\/dist\/(?<file>(?:src|codegen)\/.+)$/u.exec(script.url)?.groups?.[
          "file"
        ];
        return file === undefined ? [] : [{ ...script, url: new URL(file, BUILT).href }];
      });
      if (ours.length > 0) callbacks.onFileRead({ result: ours });
    }
    await super.readCoverageFiles(callbacks);
  }

  /** The file as it was run, and not as Vitest would transform it. */
  override async transformFile(file: string): ReturnType<V8CoverageProvider["transformFile"]> {
    return {
      code: readFileSync(file, "utf8"),
      map: JSON.parse(readFileSync(`${file}.map`, "utf8")),
    };
  }
}

export default { ...v8, getProvider: () => new Provider() };
