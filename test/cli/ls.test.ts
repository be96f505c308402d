import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupIdLock, ServerBackupLock } from "../../generated/index.js";
import { isRoot, nobodyReads } from "../support/child.js";
import { cli, cliIn, MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";

describe("lock-catalogue ls", () => {
  it.skipIf(!hasBarman)(
    "prints a table in a pipe: no colour, nothing cut, Barman's lock in it",
    async () => {
      const directory = temporaryDirectory();
      const peer = Peer.barman();
      await peer.acquire(["ServerBackupLock", directory, "pg-main"]);
      writeFileSync(join(directory, ".cron.lock"), "");
      writeFileSync(join(directory, "other.lock"), "");
      mkdirSync(join(directory, ".main-20260101T120000.lock"));
      const { code, out, err } = await cli("ls", directory);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const table = out
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+s\)/, "WHEN")
        .split("\n")
        .map((line) => line.split(/ {2,}/));
      expect(table).toEqual([
        ["KIND", "PARAMETERS", "STATE", "PID", "WAITING", "SINCE", "COMMAND"],
        ["GlobalCronLock", "free"],
        [
          ...["ServerBackupIdLock", "serverName=main backupId=20260101T120000", "unsafe"],
          "a directory",
        ],
        [
          ...["ServerBackupLock", "serverName=pg-main", "held", String(peer.pid), "WHEN"],
          expect.stringMatching(/^\/usr\/bin\/python3 .*barman_peer\.py$/),
        ],
        ["unknown", "other.lock", "free"],
        [""],
      ]);
      // Columns stand under their titles.
      const lines = out.split("\n");
      const [header = ""] = lines;
      expect(lines[3]?.indexOf("held")).toBe(header.indexOf("STATE"));
    },
  );

  it("prints JSON with the same keys for every file", async () => {
    const directory = temporaryDirectory();
    using held = new ServerBackupIdLock(directory, "main", "x");
    held.acquireSync();
    writeFileSync(join(directory, "other.lock"), "");
    const { code, out } = await cli("ls", directory, "--json");
    expect(code).toBe(0);
    const nothing = {
      ...{ pid: null, command: null, started: null, since: null, heldSeconds: null },
      ...{ sharers: null, waiters: [], taker: null, reason: null },
    };
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(JSON.parse(out)).toEqual([
      {
        ...nothing,
        path: held.filename,
        kind: "ServerBackupIdLock",
        parameters: { serverName: "main", backupId: "x" },
        state: "held",
        pid: process.pid,
        command: expect.any(String),
        started: time,
        since: time,
        heldSeconds: expect.any(Number),
      },
      {
        ...nothing,
        path: join(directory, "other.lock"),
        kind: null,
        parameters: null,
        state: "free",
      },
    ]);
  });

  it("shows control characters, escape sequences and hidden letters of names as escapes", async () => {
    const directory = temporaryDirectory();
    const names = [
      ".a\x1b[2Jb-cron.lock",
      "line\nbreak.lock",
      "\u202etxt.lock",
      ".two words-cron.lock",
    ];
    for (const name of names) writeFileSync(join(directory, name), "");
    const { out } = await cli("ls", directory);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out).toContain('serverName="a\\u001b[2Jb"');
    expect(out).toContain('serverName="two words"');
    expect(out).toContain('"line\\nbreak.lock"');
    expect(out).toContain('"\\u202etxt.lock"');
    expect(out.trimEnd().split("\n")).toHaveLength(1 + names.length);
    const paths: { path: string }[] = JSON.parse((await cli("ls", directory, "--json")).out);
    expect(paths.map(({ path }) => path)).toEqual(
      names.sort().map((name) => join(directory, name)),
    );
  });

  it("lists 10,000 lock files, held ones among them", async () => {
    const directory = temporaryDirectory();
    for (let i = 0; i < 10_000; i++) writeFileSync(join(directory, `.s${i}-cron.lock`), "");
    const locks = Array.from({ length: 500 }, (_, i) => new ServerBackupLock(directory, `h${i}`));
    for (const lock of locks) lock.acquireSync();
    const { code, out } = await cli("ls", directory);
    expect(code).toBe(0);
    expect(out.split("\n")).toHaveLength(1 + 10_500 + 1);
    expect(out.match(/ held /g)).toHaveLength(500);
    for (const lock of locks) lock.release();
  });

  it.skipIf(!nobodyReads)(
    "says what to do about a directory that this user may not list",
    async () => {
      const directory = temporaryDirectory();
      chmodSync(directory, 0o311);
      const drop = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
      for (const name of ["ls", "sweep"]) {
        const [program = "", ...args] = [...drop, process.execPath, MAIN, name, directory];
        const { code, out, err } = await new Running(program, args, { cwd: "/" }).end();
        expect({ code, out, err }).toEqual({
          code: 2,
          out: "",
          err: `lock-catalogue: no permission to list ${directory} (EACCES): run it as the user who owns the directory\n`,
        });
      }
    },
  );

  it("says that there are no lock files, and exits 2 where there is no directory", async () => {
    const directory = temporaryDirectory();
    expect(await cli("ls", directory)).toEqual({
      code: 0,
      out: `No lock files in ${directory}.\n`,
      err: "",
    });
    expect(await cli("ls", directory, "--json")).toMatchObject({ code: 0, out: "[]\n" });
    expect(await cli("ls", join(directory, "none"))).toEqual({
      code: 2,
      out: "",
      err: `lock-catalogue: there is no directory ${directory}/none\n`,
    });
    expect(await cli("ls")).toMatchObject({ code: 2, err: expect.stringContaining("'directory'") });
  });

  it("ends quietly when its reader has seen enough", async () => {
    const directory = temporaryDirectory();
    for (let i = 0; i < 3000; i++) writeFileSync(join(directory, `.s${i}-cron.lock`), "");
    const running = startCli("ls", directory);
    running.child.stdout?.destroy();
    expect(await running.end()).toEqual({ code: 0, out: "", err: "" });
  });

  it("does not load the generator, which takes longer than all the rest", async () => {
    const directory = temporaryDirectory();
    const hook = `import { createRequire } from "node:module";
      const { cache } = createRequire("/");
      process.on("exit", () => process.stderr.write(
        String(Object.keys(cache).some((file) => /node_modules.(ts-morph|yaml|refa)/.test(file)))));`;
    const node = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
    const cwd = temporaryDirectory();
    expect((await cliIn({ node, cwd }, "ls", directory)).err).toBe("false");
    expect((await cliIn({ node, cwd }, "check")).err).toMatch(/true$/);
  });
});
