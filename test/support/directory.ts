import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory for the running test, gone when it ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The path of a lock file in such a directory. */
export function temporaryLock(): string {
  return join(temporaryDirectory(), "x.lock");
}

/** Writes files by name, with their directories. */
export function writeFiles(directory: string, files: Iterable<readonly [string, string]>): void {
  for (const [name, text] of files) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The texts of all files of a directory by name, sorted. */
export function readFiles(directory: string): ReadonlyMap<string, string> {
  const names = readdirSync(directory).toSorted();
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}
