import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { blocks, shown } from "../support/documents.js";

const PAGE = "docs/operating.md";
const SCRIPTS = blocks(PAGE)
  .filter(({ language }) => language === "sh")
  .map(({ text }) => text);

/** A folder with our command, as `npm install --global` makes one in /usr/local/bin. */
function installed(): string {
  const bin = temporaryDirectory();
  const command = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`;
  writeFileSync(join(bin, "lock-catalogue"), command, { mode: 0o755 });
  return bin;
}

/** Whether this machine has a program. */
const has = (program: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** What a shell makes of a text, with our command in its PATH and the lock directory in another place. */
async function sh(text: string, directory: string): ReturnType<Running["end"]> {
  const bin = installed();
  const script = text.replaceAll("/var/lib/barman", directory);
  return new Running("sh", ["-c", script], {
    cwd: bin,
    env: { PATH: `${bin}:${process.env["PATH"]}` },
  }).end();
}

describe("docs/operating.md", () => {
  it.each(SCRIPTS)("has an example that works: %s", async (text) => {
    const directory = temporaryDirectory();
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    expect(await sh(text, directory)).toMatchObject({ code: 0, err: "" });
  });

  it("is right that a busy lock ends a unit with 75, which it takes for success", async () => {
    const unit = shown(PAGE, "copy-backups.service");
    const start = /^ExecStart=\/usr\/local\/bin\/(.*)$/mu.exec(unit)?.[1] ?? "";
    const directory = temporaryDirectory();
    const line = start.replace(/ -- .*/u, " -- sh -c 'echo $LOCK_CATALOGUE_HELD'");
    const lock = new ServerBackupLock(directory, "main");
    expect(await sh(line, directory)).toEqual({
      code: 0,
      out: expect.stringContaining(`:${lock.filename}\n`),
      err: "",
    });
    using held = lock;
    held.acquireSync();
    expect(await sh(line.replace("10m", "10ms"), directory)).toMatchObject({ code: 75, out: "" });
    expect(unit).toContain("SuccessExitStatus=75");
  });

  const units = ["copy-backups.service", "copy-backups.timer"];
  it.skipIf(!has("systemd-analyze"))(
    "has units that systemd has nothing to say about",
    async () => {
      const directory = temporaryDirectory();
      const bin = installed();
      const verify = (change: (text: string) => string) => {
        for (const unit of units) {
          const text = shown(PAGE, unit).replaceAll("/usr/local/bin", bin);
          // What it runs is there.
          writeFileSync(join(directory, unit), change(text));
        }
        const paths = units.map((unit) => join(directory, unit));
        return new Running("systemd-analyze", ["verify", "--man=no", ...paths]).end();
      };
      expect(await verify((text) => text)).toEqual({ code: 0, out: "", err: "" });
      const wrong = await verify((text) => text.replace(/^(?=KillMode|Persistent)/mu, "X"));
      expect(wrong.err).toMatch(
        /service:\d+: Unknown key.*XKillMode[\s\S]*timer:\d+: Unknown key.*XPersistent/u,
      );
      expect((await verify((text) => text.replace("*-*-* 03:17", "at night"))).err).toContain(
        "at night",
      );
    },
  );

  const crontab = shown(PAGE, "barman.crontab");

  it("has a crontab whose command runs in the shell and the environment that cron gives it", async () => {
    const directory = temporaryDirectory();
    const bin = installed();
    // The job is there, as is whatever a system has in /usr/local/bin.
    const job = "#!/bin/sh\nenv >ran\n";
    writeFileSync(join(bin, "copy-backups"), job, { mode: 0o755 });
    const here = crontab
      .replaceAll("/usr/local/sbin/copy-backups", join(bin, "copy-backups"))
      .replaceAll("/usr/local/bin", bin)
      .replaceAll("/var/lib/barman", directory);
    const set = Array.from(
      here.matchAll(/^(\w+)=(.*)$/gmu),
      ([, name, value]) => `${name}=${value}`,
    );
    const [, line = ""] = /^(?:[\d*]+ +){5}(.*)$/mu.exec(here) ?? [];
    const cron = () =>
      new Running("env", ["-i", `HOME=${bin}`, "LOGNAME=barman", ...set, "/bin/sh", "-c", line], {
        cwd: bin,
      }).end();
    expect(await cron()).toEqual({ code: 0, out: "", err: "" });
    const lock = new ServerBackupLock(directory, "main");
    expect(readFileSync(join(bin, "ran"), "utf8")).toMatch(
      new RegExp(`^LOCK_CATALOGUE_HELD=\\d+:${lock.filename}$`, "mu"),
    );
    // No mail if it is busy.
    using held = lock;
    held.acquireSync();
    expect(await cron()).toEqual({ code: 75, out: "", err: "" });
  });

  it.skipIf(!has("crontab"))("has a crontab that cron takes", async () => {
    const file = join(temporaryDirectory(), "crontab");
    const take = (text: string) => {
      writeFileSync(file, text);
      return new Running("crontab", ["-n", file]).end();
    };
    expect(await take(crontab)).toMatchObject({ code: 0 });
    expect((await take(crontab.replace("17 3", "17 25"))).code).not.toBe(0);
  });
});
