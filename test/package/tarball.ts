import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** How a program ended, and what it said. */
export interface Result {
  readonly status: number | null;
  readonly output: string;
}

/** The packed tarball and projects that are made from it, in a folder outside the repository. */
export class Workshop {
  readonly directory: string = mkdtempSync(join(tmpdir(), "lock-catalogue-package-"));
  readonly tarball: string;

  constructor() {
    afterAll(() => rmSync(this.directory, { recursive: true, force: true }));
    execFileSync("npm", ["pack", "--pack-destination", this.directory, "--ignore-scripts"], {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [tarball] = readdirSync(this.directory).filter((name) => name.endsWith(".tgz"));
    this.tarball = join(this.directory, tarball ?? "no tarball");
  }

  /** A fresh project that depends on the tarball, and on what else is named. */
  project(
    name: string,
    manifest: Record<string, unknown>,
    { install = [], packages = [] }: { install?: string[]; packages?: string[] } = {},
  ): Project {
    const directory = join(this.directory, name);
    mkdirSync(directory);
    const project = new Project(directory);
    project.write(
      "package.json",
      JSON.stringify({ name, private: true, allowScripts: { "fs-ext": true }, ...manifest }),
    );
    const { status, output } = project.run("npm", [
      ...["install", "--no-audit", "--no-fund", ...install],
      ...[this.tarball, ...packages],
    ]);
    if (status !== 0) throw new Error(output);
    return project;
  }
}

class Project {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.directory, name), text);
  }

  run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
    try {
      const output = execFileSync(program, args, {
        cwd: this.directory,
        encoding: "utf8",
        env: { ...process.env, NODE_ENV: "", ...env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 240_000,
      });
      return { status: 0, output };
    } catch (error) {
      if (!(error instanceof Error) || !("status" in error)) throw error;
      const { status, stdout, stderr } = error as Error & {
        status: number | null;
        stdout: string;
        stderr: string;
      };
      return { status, output: `${stdout}${stderr}` };
    }
  }
}
