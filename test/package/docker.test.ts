import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { canMount } from "../support/child.js";
import { shown } from "../support/documents.js";
import { Docker, type Image } from "./container.js";
import { Workshop } from "./workshop.js";

const PAGE = "docs/integrations.md";
const MAIN = shown(PAGE, "main.js");
const REPORTED = { status: 0, output: "No other container of this host reports now.\n" };

describe.skipIf(!canMount)("the Dockerfiles of the documents", () => {
  const workshop = new Workshop();
  const docker = new Docker(join(workshop.directory, "docker"));
  cpSync(workshop.tarball, join(docker.volume, "lock-catalogue.tgz"));

  /** Builds a Dockerfile in a project that depends on the tarball and on what else is named. */
  function build(file: string, dependencies: Readonly<Record<string, string>>): Image {
    const context = workshop.empty(`context-of-${file}`, {
      type: "module",
      dependencies: { "lock-catalogue": "file:/locks/lock-catalogue.tgz", ...dependencies },
      allowScripts: { "fs-ext": true },
    });
    context.write("main.js", MAIN);
    const base = { app: context.directory, isSlim: false, env: {}, command: [] };
    const locked = docker.run(base, ["npm", "install", "--package-lock-only", "--no-audit"]);
    expect(locked).toMatchObject({ status: 0 });
    return docker.build(file, shown(PAGE, file), context.directory);
  }
  const ls = (image: Image, file: string) => existsSync(join(image.app, "node_modules", file));

  it.each([
    ["Dockerfile", { "fs-ext": "^2.1.1" }, true],
    ["slim.Dockerfile", {}, false],
  ] as const)(
    "build, and exclude the host and each other: %s",
    async (file, dependencies, isBuilt) => {
      const image = build(file, dependencies);
      expect(image.isSlim).toBe(true);
      expect(docker.run(image, ["sh", "-c", "command -v make c++ g++ gcc cc"])).toMatchObject({
        output: "",
      });
      expect(ls(image, "fs-ext/build/Release/fs_ext.node")).toBe(isBuilt);
      expect(ls(image, "ts-morph")).toBe(false);
      expect(docker.run(image)).toEqual(REPORTED);

      const host = new LockFile(join(docker.volume, "report.lock"));
      host.acquireSync();
      expect(docker.run(image)).toMatchObject({
        status: 1,
        output: expect.stringContaining("LOCK_BUSY"),
      });
      host.release();

      const held = join(docker.volume, "held");
      const hold = "touch /locks/held; while [ -e /locks/held ]; do sleep 0.05; done";
      const run = ["node_modules/.bin/lock-catalogue", "run", "--file", "/locks/report.lock", "--"];
      const { program, args, env } = docker.container(image, [...run, "sh", "-c", hold]);
      const holder = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
      onTestFinished(() => void holder.kill("SIGKILL"));
      await until("held by another container", () => existsSync(held));
      expect(docker.run(image)).toMatchObject({
        status: 1,
        output: expect.stringContaining("LOCK_BUSY"),
      });
      // The host sees whose it is; another container does not.
      const commandOf = (pid: number | null) => readFileSync(`/proc/${pid}/cmdline`, "utf8");
      expect(commandOf(host.getOwnerPid())).toContain("/locks/report.lock\0");
      const who = ["node_modules/.bin/lock-catalogue", "who", "/locks/report.lock"];
      expect(docker.run(image, who).output).toMatch(
        /^Somebody holds .*neither the file nor the system/u,
      );
      rmSync(held);
      await until("ended", () => holder.exitCode !== null);
      expect(docker.run(image)).toEqual(REPORTED);
    },
  );

  it("would not build if they were wrong", () => {
    const context = workshop.empty("context-of-nothing");
    const wrong = (last: string) => () =>
      docker.build(
        "wrong",
        `FROM node:24-bookworm-slim\nWORKDIR /app\n${last}\n`,
        context.directory,
      );
    expect(wrong("RUN npm cii")).toThrow("RUN npm cii");
    expect(wrong("COPY --from=build /app ./")).toThrow("no such stage");
    expect(wrong("COPY main.js ./")).toThrow("main.js");
    expect(wrong("RUNS npm ci")).toThrow("RUNS npm ci");
  });
});
