import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

const PAGE = readFileSync(join(ROOT, "docs/operating.md"), "utf8");
const SCRIPTS = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

/** What a shell makes of a text, with our command in its PATH and the lock directory in another place. */
async function sh(text: string, directory: string): ReturnType<Running["end"]> {
  const bin = temporaryDirectory();
  const command = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`;
  writeFileSync(join(bin, "lock-catalogue"), command, { mode: 0o755 });
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

  it("has a command for a unit and one for a crontab, which take the lock", async () => {
    const unit = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(PAGE)?.[1] ?? "";
    const cron = /^17 3 \* \* \* {2}(.*)$/m.exec(PAGE)?.[1] ?? "";
    for (const line of [unit, cron]) {
      const directory = temporaryDirectory();
      const text = line.replace(/ -- .*/, " -- sh -c 'echo $LOCK_CATALOGUE_HELD'");
      const { code, out, err } = await sh(text, directory);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain(`${directory}/.main-backup.lock`);
    }
  });

  it("is right that a command line with a busy lock ends with 75, which the unit takes for success", async () => {
    const directory = temporaryDirectory();
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    const cron = /^17 3 \* \* \* {2}(.*)$/m.exec(PAGE)?.[1] ?? "";
    expect(await sh(cron, directory)).toEqual({ code: 75, out: "", err: "" });
    expect(PAGE).toContain("SuccessExitStatus=75");
  });
});
