// npm run bench:ls: how long the command takes to list 10,000 lock files, free ones and held ones.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ServerCronLock } from "lock-catalogue/barman";

const FILES = 10_000;
const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-bench-"));

try {
  const locks = Array.from({ length: FILES }, (_, i) => new ServerCronLock(directory, `s${i}`));
  for (const lock of locks) lock.acquireSync();
  const held = seconds();
  for (const lock of locks) lock.release();
  const free = seconds();
  console.table(
    Object.entries({ held, free }).map(([state, took]) => ({
      what: `ls of ${FILES} files, all ${state}`,
      took: `${took.toFixed(2)} s`,
      bound: "< 2 s",
      holds: took < 2,
    })),
  );
} finally {
  rmSync(directory, { recursive: true });
}

function seconds() {
  const start = performance.now();
  const table = execFileSync(process.execPath, [main, "ls", directory], { maxBuffer: 2 ** 26 });
  if (table.toString().split("\n").length !== FILES + 2) throw new Error("not all listed");
  return (performance.now() - start) / 1000;
}
