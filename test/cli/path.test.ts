import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli, cliIn, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

describe("lock-catalogue path", () => {
  it("names the file for flock(1), which then excludes who takes the lock by its name", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, "main");
    const script = `flock --no-fork "$("$NODE" "$MAIN" path ServerBackupLock --directory . --server-name main)" \
      sh -c 'echo $$ >pid; exec sleep 60'`;
    const env = { NODE: process.execPath, MAIN };
    const flock = new Running("sh", ["-c", `exec ${script}`], { cwd: directory, env });
    const pid = join(directory, "pid");
    await until("flock has it", () => existsSync(pid) && readFileSync(pid, "utf8") !== "");
    expect(existsSync(lock.filename)).toBe(true);
    expect(() => lock.acquireSync()).toThrow(expect.objectContaining({ code: "LOCK_BUSY" }));

    const kind = ["ServerBackupLock", "--directory", ".", "--server-name", "main"];
    const who = await cliIn({ cwd: directory }, "who", ...kind);
    expect(who.code).toBe(0);
    expect(who.out).toContain(`PID ${readFileSync(pid, "utf8").trim()} (`);
    flock.child.kill("SIGKILL");
    await until("the lock is free", () => lock.acquireSync({ raiseIfFail: false }));

    // The other way round.
    const late = ["-n", "-E", "9", lock.filename, "true"];
    expect((await new Running("flock", late).end()).code).toBe(9);
    lock.release();
    expect((await new Running("flock", late).end()).code).toBe(0);
  });

  it("prints the name as it is, and creates nothing", async () => {
    const directory = temporaryDirectory();
    const name = "a\n$x\\é'";
    const flags = ["--directory", directory, "--server-name", name];
    const path = new ServerBackupLock(directory, name).filename;
    expect(await cli("path", "ServerBackupLock", ...flags)).toEqual({
      code: 0,
      out: `${path}\n`,
      err: "",
    });
    expect(existsSync(path)).toBe(false);
  });

  it("refuses a value that no name can hold, and a directory that is not there", async () => {
    const path = (directory: string, name: string) =>
      cli("path", "ServerBackupLock", "--directory", directory, "--server-name", name);
    const slash = await path(temporaryDirectory(), "a/b");
    expect(slash).toMatchObject({ code: 2, out: "", err: expect.stringContaining('holds a "/"') });
    expect(await path("/nowhere", "main")).toMatchObject({
      code: 2,
      err: "lock-catalogue: there is no directory /nowhere\n",
    });
  });
});
