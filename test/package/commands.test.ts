import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workshop } from "./workshop.js";

/** The operators' commands, from the packed tarball, with nothing but the runtime installed. */
describe("the command of a packed and installed lock-catalogue, without the generator's packages,", () => {
  const project = new Workshop().project(
    "operated",
    {},
    { install: ["--omit=optional"], packages: ["fs-ext"] },
  );
  const directory = join(project.directory, "locks");
  const file = join(directory, ".main-backup.lock");
  const command = (...args: string[]) =>
    project.run("npx", ["--no-install", "lock-catalogue", ...args]);
  project.run("mkdir", [directory]);

  it("runs a command under a lock, of which ls and who tell meanwhile", () => {
    expect(existsSync(join(project.directory, "node_modules", "ts-morph"))).toBe(false);
    const script = `npx lock-catalogue ls ${directory} && npx lock-catalogue who ${file}; echo $?; exit 5`;
    const flags = ["--directory", directory, "--server-name", "main"];
    const { status, output } = command(
      "run",
      "ServerBackupLock",
      ...flags,
      "--",
      "sh",
      "-c",
      script,
    );
    expect(status).toBe(5);
    expect(output).toMatch(
      /^KIND .*\nServerBackupLock +serverName=main +held +\d+ .*\nPID \d+ \(.*\n0\n/,
    );
    expect(command("who", file)).toMatchObject({ status: 1 });
  });

  it("sweeps", () => {
    writeFileSync(join(directory, "other.lock"), "");
    expect(command("sweep", directory, "--dry-run")).toMatchObject({ status: 0 });
    expect(existsSync(file)).toBe(true);
    expect(command("sweep", directory)).toEqual({
      status: 0,
      output: `removed ${file}\nnot ours: ${directory}/other.lock\n1 removed, 0 held, 1 not ours, 0 failed.\n`,
    });
    expect(existsSync(file)).toBe(false);
  });

  it("says for generate --watch what is missing, and how to get it", () => {
    expect(command("generate", "--watch")).toMatchObject({
      status: 2,
      output: expect.stringContaining("npm install --include=optional"),
    });
  });
});
