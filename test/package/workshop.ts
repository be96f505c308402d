import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, inject } from "vitest";

/** How a program ended, and what it said. */
export interface Result {
  readonly status: number | null;
  readonly output: string;
}

/** The packed tarball and projects that are made from it, in a folder outside the repository. */
export class Workshop {
  readonly directory: string = mkdtempSync(join(tmpdir(), "lock-catalogue-package-"));
  readonly tarball: string = inject("tarball");

  constructor() {
    afterAll(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  /** Makes a folder of what is in the tarball. */
  unpack(): string {
    const directory = join(this.directory, "unpacked");
    mkdirSync(directory, { recursive: true });
    execFileSync("tar", ["-xzf", this.tarball, "-C", directory, "--strip-components=1"]);
    return directory;
  }

  /** A project with nothing installed. */
  empty(name: string, manifest: Record<string, unknown> = {}): Project {
    const project = new Project(join(this.directory, name));
    project.write("package.json", JSON.stringify({ name, private: true, ...manifest }));
    return project;
  }

  /** A fresh project that depends on the tarball, and on what else is named. */
  project(
    name: string,
    manifest: Record<string, unknown>,
    { install = [], packages = [] }: { install?: string[]; packages?: string[] } = {},
  ): Project {
    const project = this.empty(name, { allowScripts: { "fs-ext": true }, ...manifest });
    project.must("npm", [
      ...["install", "--no-audit", "--no-fund", ...install],
      ...[this.tarball, ...packages],
    ]);
    return project;
  }
}

/** A folder to run programs in, as a user would. */
export class Project {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory);
  }

  write(name: string, text: string): void {
    const file = join(this.directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Adds to what package.json says. */
  declare(more: Readonly<Record<string, unknown>>): void {
    const manifest = JSON.parse(readFileSync(join(this.directory, "package.json"), "utf8"));
    this.write("package.json", JSON.stringify({ ...manifest, ...more }));
  }

  /** Runs a program here. Variables that are `undefined` are not set. */
  run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...process.env, NODE_ENV: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
    });
    if (error !== undefined) throw error;
    return { status, output: status === 0 ? stdout : stdout + stderr };
  }

  /** The same with a program that a package brings, as `npx` does, without the half second that it takes. */
  tool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
    return this.run(join(this.directory, "node_modules/.bin", name), args, env);
  }

  /** The same as `run`, for what has to work. */
  must(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const { status, output } = this.run(program, args, env);
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}:\n${output}`);
    return output;
  }
}
