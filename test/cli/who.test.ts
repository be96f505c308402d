import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { cli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBecome, heldByFlock } from "../support/flock.js";
import { hasBarman, Peer } from "../support/peer.js";

describe("lock-catalogue who", () => {
  it.skipIf(!hasBarman)(
    "names the Barman that holds a lock and exits 0; free, it exits 1",
    async () => {
      const directory = temporaryDirectory();
      const file = join(directory, ".main-backup.lock");
      const lock = ["ServerBackupLock", directory, "main"];
      const peer = Peer.barman();
      await peer.acquire(lock);
      const held = await cli("who", file);
      expect(held).toEqual({ code: 0, err: "", out: expect.any(String) });
      expect(held.out).toMatch(
        new RegExp(
          `^PID ${peer.pid} \\(/usr/bin/python3 .*barman_peer\\.py\\) holds ServerBackupLock serverName=main, ` +
            "since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\(\\d+s\\)\\.\\n$",
        ),
      );
      await peer.release(lock);
      expect(await cli("who", file)).toEqual({
        code: 1,
        err: "",
        out: "Free: nobody holds ServerBackupLock serverName=main.\n",
      });
    },
  );

  it("knows any file, also one that no kind reads, and creates none", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "any.pid");
    expect(await cli("who", file)).toEqual({
      code: 1,
      err: "",
      out: `Free: there is no file ${file}.\n`,
    });
    expect(existsSync(file)).toBe(false);
    using lock = new LockFile(file);
    lock.acquireSync();
    const { code, out } = await cli("who", file);
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(`^PID ${process.pid} \\(.*\\) holds the lock file any\\.pid, since `),
    );
  });

  it("prints the object that ls has in its JSON, or null where there is no file", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    expect(await cli("who", file, "--json")).toEqual({ code: 1, err: "", out: "null\n" });
    using lock = new LockFile(file);
    lock.acquireSync();
    const { code, out } = await cli("who", file, "--json");
    expect(code).toBe(0);
    const [listed] = JSON.parse((await cli("ls", directory, "--json")).out);
    // Some time passes from one to the other.
    expect({ ...listed, heldSeconds: expect.any(Number) }).toEqual({
      ...JSON.parse(out),
      heldSeconds: expect.any(Number),
    });
  });

  it("names the holder of a lock that left no PID, as flock(1) does", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    const flock = await heldByFlock(file);
    expect(await cli("who", file)).toEqual({
      code: 0,
      err: "",
      out: `PID ${flock.pid} (sleep 60) holds GlobalCronLock.\n`,
    });
  });

  it("exits 2 where it cannot tell: no directory, no regular file, wrong usage", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "a.lock"));
    writeFileSync(join(directory, "b.lock"), "");
    const said = (text: string) => ({ code: 2, out: "", err: expect.stringContaining(text) });
    expect(await cli("who", "/nowhere/.cron.lock")).toEqual(said("there is no directory /nowhere"));
    expect(await cli("who", join(directory, "a.lock"))).toEqual(said("is unsafe: a directory"));
    expect(await cli("who", join(directory, "b.lock", "c"))).toEqual(said("is not a directory"));
    expect(await cli("who")).toEqual(said("missing required argument 'file'"));
    expect(await cli("who", "--jsn", "x")).toEqual(said("Did you mean --json?"));
  });

  it("gives no time where the PID in the file is not the holder's", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    writeFileSync(file, "1\n");
    const flock = await heldByFlock(file);
    expect(await cli("who", file)).toEqual({
      code: 0,
      err: "",
      out: `PID ${flock.pid} (sleep 60) holds GlobalCronLock.\n`,
    });
  });

  it("names the process that inherited a lock from the one that took it, which is gone", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    // flock(1) passes its descriptor on, and is killed.
    const script = "kill -KILL $PPID; echo $$; exec sleep 60";
    const flock = spawn("flock", ["-x", file, "sh", "-c", script]);
    let heir = 0;
    flock.stdout.on("data", (text) => {
      heir = Number(text);
    });
    await until(
      "handed on",
      () => heir > 0 && flock.exitCode === null && flock.signalCode !== null,
    );
    onTestFinished(() => void process.kill(heir, "SIGKILL"));
    await hasBecome(heir, "sleep");
    expect(await cli("who", file)).toEqual({
      code: 0,
      err: "",
      out: `PID ${heir} (sleep 60) holds GlobalCronLock.\n`,
    });
  });
});
