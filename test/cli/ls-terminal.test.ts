import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { GlobalCronLock, ServerBackupLock } from "../../generated/index.js";
import { MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { CTRL_C, CTRL_Z, hasTerminal, Terminal } from "../support/terminal.js";

/** SGR: what colours and bold are made of. */
const COLOUR = "\x1b[";

describe.skipIf(!hasTerminal)("lock-catalogue ls in a terminal", () => {
  it("has colours, unless NO_COLOR is set or the terminal is dumb", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, ".cron.lock"), "");
    const inColour = await new Terminal(["ls", directory]).end();
    expect(inColour.code).toBe(0);
    expect(inColour.out).toContain(`${COLOUR}32mfree`);
    expect(inColour.out).toContain(`${COLOUR}1mKIND`);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const { out } = await new Terminal(["ls", directory], { env }).end();
      expect(out).toContain("GlobalCronLock");
      expect(out).not.toContain(COLOUR);
    }
  });

  it.each([
    [20, /^STATE +PID$/, /^held +\d+$/],
    [40, /^KIND.* STATE +PID$/, /^ServerBa.* held +\d+$/],
    [60, /KIND.* STATE +PID /, /^ServerBa.* held +\d+ /],
    [100, /^KIND +PARAMETERS +STATE +PID +WAITING +SINCE/, /^ServerBackupLock .* held +\d+ .*…$/],
    [140, /^KIND .* COMMAND/, /^ServerBackupLock .* held +\d+ .*\d+s\) {2}\S.*…$/],
  ])("keeps STATE and PID on %d columns, and no line is longer", async (columns, title, row) => {
    const directory = temporaryDirectory();
    using held = new ServerBackupLock(directory, "main-of-a-long-name");
    held.acquireSync();
    const env = { NO_COLOR: "1" };
    const { out } = await new Terminal(["ls", directory], { columns, env }).end();
    const [choice, first = "", second = ""] = out.split("\r\n");
    expect(choice).toBe("lock-catalogue: kinds of Barman's catalogue (there is no ./locks.yaml)");
    expect(first).toMatch(title);
    expect(second).toMatch(row);
    expect(second).toContain(String(process.pid));
    expect(Math.max(first.length, second.length)).toBeLessThanOrEqual(columns);
  });

  it("with --watch redraws in place, and Ctrl-C leaves the terminal as it was", async () => {
    const directory = temporaryDirectory();
    const lock = new GlobalCronLock(directory);
    lock.acquireSync();
    const terminal = new Terminal(["ls", directory, "--watch"], { rows: 10 });
    await terminal.says("held");
    expect(terminal.out.startsWith("\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H")).toBe(true);
    lock.release();
    await terminal.says("free");
    for (let i = 0; i < 30; i++) writeFileSync(join(directory, `.s${i}-cron.lock`), "");
    await terminal.says("… and 25 more lines");
    terminal.type(CTRL_C);
    const { code, out } = await terminal.end();
    expect(code).toBe(0);
    expect(out.endsWith("\x1b[?7h\x1b[?25h\x1b[?1049l")).toBe(true);
  });
});

describe.skipIf(!hasTerminal)("lock-catalogue ls --watch in a terminal", () => {
  it("leaves the screen on Ctrl-Z, and comes back with fg", async () => {
    const directory = temporaryDirectory();
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    const shell = new Running("script", ["-qefc", "bash --norc --noprofile -i", "/dev/null"], {
      env: { TERM: "xterm", CI: undefined },
    });
    const type = (keys: string): void => void shell.child.stdin?.write(keys);
    await shell.says(/bash-[\d.]+[$#] /);
    type(`${process.execPath} ${MAIN} ls ${directory} --watch\n`);
    await shell.says(/1049h[\s\S]*held/);
    type(CTRL_Z);
    await shell.says(/1049l[\s\S]*Stopped[\s\S]*bash-[\d.]+[$#] /);
    type("fg\n");
    await shell.says(/1049l[\s\S]*1049h[\s\S]*held/);
    type(CTRL_C);
    await shell.says(/1049l[\s\S]*1049l[\s\S]*bash-[\d.]+[$#] /);
    type("exit 7\n");
    expect((await shell.end()).code).toBe(7);
  });

  it("prints one table after the other where the terminal is dumb", async () => {
    const directory = temporaryDirectory();
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    const terminal = new Terminal(["ls", directory, "--watch"], { env: { TERM: "dumb" } });
    await terminal.says("held");
    lock.release();
    await terminal.says("free");
    terminal.type(CTRL_C);
    const { code, out } = await terminal.end();
    expect(code).toBe(0);
    expect(out).not.toContain("\x1b");
    expect(out.match(/KIND/g)).toHaveLength(2);
  });
});

describe("lock-catalogue ls --watch in a pipe", () => {
  it("ends when its reader is gone, though it has nothing to write", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, ".cron.lock"), "");
    // The pipe of a shell, which is none that Node.js makes.
    const script = '{ "$@"; echo "ended with $?" >&2; } | head -n 2';
    const args = [process.execPath, MAIN, "ls", directory, "--watch"];
    const shell = new Running("sh", ["-c", script, "sh", ...args]);
    expect(await shell.end()).toMatchObject({
      out: expect.stringContaining("GlobalCronLock"),
      err: "ended with 0\n",
    });
  });

  it("prints a table whenever something changed, and ends with SIGINT and 0", async () => {
    const directory = temporaryDirectory();
    const running = startCli("ls", directory, "--watch");
    await running.says(`No lock files in ${directory}.\n`);
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    await running.says(/\n\nKIND .*\nGlobalCronLock +held .*\n$/);
    running.child.kill("SIGINT");
    const { code, out } = await running.end();
    expect(code).toBe(0);
    expect(out).not.toContain(COLOUR);
    expect(out.match(/No lock files/g)).toHaveLength(1);
  });

  it("prints a line of JSON whenever something changed, and ends by SIGTERM", async () => {
    const directory = temporaryDirectory();
    const running = startCli("ls", directory, "--watch", "--json");
    await running.says("[]\n");
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    await running.says('"state":"held"');
    lock.release();
    await running.says('"state":"free"');
    running.child.kill("SIGTERM");
    const { code, out } = await running.end();
    expect(code).toBe(null);
    expect(running.child.signalCode).toBe("SIGTERM");
    const states = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(states.map(([file]) => file?.state)).toEqual([undefined, "held", "free"]);
  });

  it("prints nothing while nothing changes", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, ".cron.lock"), "");
    const watching = startCli("ls", directory, "--watch", "--json");
    await watching.says(/free/u);
    // It looks every second.
    await sleep(1500);
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    await watching.says('"state":"held"');
    watching.child.kill("SIGTERM");
    const { out } = await watching.end();
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });
});
