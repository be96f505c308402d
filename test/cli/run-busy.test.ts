import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GlobalCronLock, ServerBackupLock, ServerXLOGDBLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";
import { helperWaits } from "../support/script.js";

/** The arguments of a run that holds `main`'s backup lock. */
function backup(directory: string, ...rest: readonly string[]): string[] {
  return ["run", "ServerBackupLock", "--directory", directory, "--server-name", "main", ...rest];
}

describe("lock-catalogue run where the lock is busy", () => {
  it.skipIf(!hasBarman)(
    "says which process holds it, Barman's, and exits 75 or as it is told",
    async () => {
      const directory = temporaryDirectory();
      const peer = Peer.barman();
      await peer.acquire(["ServerBackupLock", directory, "main"]);
      const file = join(directory, ".main-backup.lock");
      const message = (what: string) =>
        new RegExp(
          `^lock-catalogue: ServerBackupLock \\(serverName "main"\\) is ${what}: ${file} is held by PID ` +
            `${peer.pid} \\(/usr/bin/python3 .*\\)\\. `,
        );
      const command = ["--", "echo", "never"];
      expect(await cli(...backup(directory, ...command))).toEqual({
        code: 75,
        out: "",
        err: expect.stringMatching(message("busy")),
      });
      const nine = ["--conflict-exit-code", "9"];
      expect(await cli(...backup(directory, ...nine, ...command))).toMatchObject({ code: 9 });
      expect(await cli(...backup(directory, "--timeout", "120ms", ...command))).toEqual({
        code: 75,
        out: "",
        err: expect.stringMatching(message("still busy after 120ms")),
      });
      expect(readFileSync(file, "latin1")).toBe(`${peer.pid}\n`);
    },
  );

  it.skipIf(!hasBarman)("waits for Barman with --wait, and Barman waits for it", async () => {
    const directory = temporaryDirectory();
    const words = ["ServerBackupLock", directory, "main"];
    const lock = new ServerBackupLock(directory, "main");
    const peer = Peer.barman();
    await peer.acquire(words);
    const running = startCli(
      ...backup(directory, "--wait", "--", "sh", "-c", "echo mine $$; read end"),
    );
    await waitedFor(lock);
    expect(running.out).toBe("");
    await peer.release(words);
    const pid = Number((await running.says(/mine (\d+)\n/))?.[1]);
    await until("stamped", () => lock.getOwnerPid() === pid);
    await expect(peer.acquire(words, { wait: false })).rejects.toMatchObject({
      name: "LockFileBusy",
    });
    expect(await peer.owner(words)).toBe(pid);
    const late = peer.acquire(words, { wait: true });
    running.child.stdin?.end();
    // `read` fails at the end of its input, and that is the exit code.
    expect(await running.end()).toEqual({ code: 1, out: `mine ${pid}\n`, err: "" });
    expect(await late).toBe(true);
    expect(lock.getOwnerPid()).toBe(peer.pid);
  });

  it("does as the kind does by default, unless --wait or --no-wait says otherwise", async () => {
    const directory = temporaryDirectory();
    using lock = new ServerXLOGDBLock(directory, "main");
    lock.acquireSync();
    const args = ["run", "ServerXLOGDBLock", "--directory", directory, "--server-name", "main"];
    expect(await cli(...args, "--no-wait", "--", "true")).toMatchObject({ code: 75 });
    const running = startCli(...args, "--", "echo", "mine");
    await waitedFor(lock);
    expect(running.out).toBe("");
    lock.release();
    expect(await running.end()).toEqual({ code: 0, out: "mine\n", err: "" });
  });

  it("says how long it waited in the words of --timeout", async () => {
    const directory = temporaryDirectory();
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    const args = ["GlobalCronLock", "--directory", directory, "--timeout", "1.5s", "--", "true"];
    const { code, err } = await cli("run", ...args);
    expect(code).toBe(75);
    expect(err).toContain("is still busy after 1.5s: ");
  });
});

/** Waits until a contender waits in the kernel for a lock. */
function waitedFor({ filename }: { filename: string }): Promise<void> {
  return helperWaits(filename);
}
