import { spawnSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "./temporary.js";

/** What a run of the command left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command in a directory; `columns` is how wide whoever reads it says to be. */
export function lockCatalogue(
  cwd: string,
  args: readonly string[],
  { columns, input = "" }: { readonly columns?: number; readonly input?: string } = {},
): Ran {
  const { COLUMNS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "dist/src/cli/main.js"), ...args],
    {
      cwd,
      encoding: "utf8",
      input,
      env: columns === undefined ? env : { ...env, COLUMNS: String(columns) },
    },
  );
  return { code: status, out: stdout, err: stderr };
}
