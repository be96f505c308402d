import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "../support/root.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The packed package, one for all test files. */
    tarball: string;
  }
}

/** Vitest's global set-up of the packaging tests: packs the built package. */
export default function pack(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-tarball-"));
  const options = ["--pack-destination", directory, "--ignore-scripts", "--loglevel=error"];
  execFileSync("npm", ["pack", ...options], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  const [tarball = "no tarball"] = readdirSync(directory);
  project.provide("tarball", join(directory, tarball));
  return () => rmSync(directory, { recursive: true, force: true });
}
