import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";

const has = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

/** Another process, which says a line, and ends with its input. */
async function holding(program: string, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = new Promise((resolve) => child.stdout?.once("data", resolve));
  await within(20_000, program, said);
  return child;
}

const FCNTL = `import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("held", flush=True)
sys.stdin.read()`;

/** What `docs/spec.md` says of programs that lock otherwise. */
describe("a program that locks otherwise than by flock(2)", () => {
  it.skipIf(!has("dpkg"))("dpkg: fcntl(2) and flock(2) do not see each other", async () => {
    const admin = join(temporaryDirectory(), "admin");
    for (const name of ["updates", "info", "parts", "triggers"]) {
      mkdirSync(join(admin, name), { recursive: true });
    }
    for (const name of ["status", "available"]) writeFileSync(join(admin, name), "");
    const dpkg = () => spawnSync("dpkg", [`--admindir=${admin}`, "--configure", "-a"]).status;
    using lock = new LockFile(join(admin, "lock"));
    lock.acquireSync();
    // dpkg works in the middle of what we believe to be exclusive.
    expect(dpkg()).toBe(0);
    lock.release();
    await holding("/usr/bin/python3", "-c", FCNTL, lock.filename);
    expect(dpkg()).toBe(2);
    expect(lock.acquireSync()).toBe(true);
  });

  it.skipIf(!has("git"))(
    "git: the file is the lock, so that a free lock of ours stops it for good",
    () => {
      const repository = temporaryDirectory();
      writeFiles(repository, [["a", "a\n"]]);
      const git = (...args: readonly string[]) =>
        spawnSync("git", ["-C", repository, ...args], { encoding: "utf8" });
      expect(git("init", "-q").status).toBe(0);
      expect(git("add", "a").status).toBe(0);
      const lock = new LockFile(join(repository, ".git", "index.lock"));
      lock.acquireSync();
      lock.release();
      writeFiles(repository, [["b", "b\n"]]);
      expect(git("add", "b")).toMatchObject({
        status: 128,
        stderr: expect.stringContaining("index.lock': File exists"),
      });
    },
  );

  it.skipIf(!has("sqlite3"))("SQLite: fcntl(2), on bytes of the database", async () => {
    const file = join(temporaryDirectory(), "a.db");
    const sqlite = (sql: string) => spawnSync("sqlite3", [file, sql], { encoding: "utf8" });
    expect(sqlite("create table t (a); insert into t values (1);").status).toBe(0);
    using lock = new LockFile(file);
    lock.acquireSync();
    expect(sqlite("insert into t values (2); select count(*) from t;").stdout).toBe("2\n");
  });
});

it.skipIf(!has("cargo"))(
  "cargo waits for its lock while we hold it, as for another cargo",
  async () => {
    const project = temporaryDirectory();
    writeFiles(project, [
      ["Cargo.toml", '[package]\nname = "tiny"\nversion = "0.1.0"\nedition = "2021"\n'],
      ["src/lib.rs", ""],
    ]);
    mkdirSync(join(project, "target", "debug"), { recursive: true });
    using lock = new LockFile(join(project, "target", "debug", ".cargo-lock"), {
      updatePid: false,
    });
    lock.acquireSync();
    const cargo = spawn("cargo", ["build", "--offline"], {
      cwd: project,
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void cargo.kill("SIGKILL"));
    let said = "";
    cargo.stderr.on("data", (data) => {
      said += data;
    });
    await until("cargo waits", () => said.includes("waiting for file lock"), 60_000);
    const ended = new Promise((resolve) => cargo.once("close", resolve));
    lock.release();
    expect(await within(60_000, "cargo", ended)).toBe(0);
  },
);
