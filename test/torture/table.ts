import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Vitest's global set-up for the long form: collects what the tortures report, and prints it at the end. */
export default function table(): (() => void) | undefined {
  if (process.env["TORTURE"] !== "long") return undefined;
  const directory = mkdtempSync(join(tmpdir(), "torture-"));
  const file = join(directory, "table");
  writeFileSync(file, "");
  process.env["TORTURE_TABLE"] = file;
  return () => {
    const rows = readFileSync(file, "utf8").trimEnd().split("\n");
    console.table(rows.filter((row) => row !== "").map((row) => JSON.parse(row)));
    rmSync(directory, { recursive: true });
  };
}
