import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ArchivesLock,
  DatabaseLock,
  FrontendLock,
  ListsLock,
  PackageLock,
  packages,
  SlotLock,
} from "../codegen/golden/directories/generated/index.js";
import { temporaryDirectory } from "../support/directory.js";

const VARIABLE = "PACKAGES_LOCK_DIRECTORY";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a kind whose spec says where its files are", () => {
  it("needs no directory, and takes another in the options", async () => {
    expect(new DatabaseLock().filename).toBe("/var/lib/packages/lock");
    expect(new PackageLock("bash", { timeout: 5 }).filename).toBe("/var/lib/packages/.bash.lock");
    expect(new SlotLock({ name: "bash", slot: "1" }).filename).toBe("/run/packages/.bash@1.lock");
    const directory = temporaryDirectory();
    const lock = new PackageLock("bash", { directory });
    expect(lock.filename).toBe(join(directory, ".bash.lock"));
    await lock.acquire();
    expect(lock.isCurrent()).toBe(true);
    lock.release();
  });

  it("refuses a directory in front, as other kinds take it", () => {
    const construct = (kind: object, ...given: readonly unknown[]) =>
      Reflect.construct(kind as typeof DatabaseLock, given);
    expect(() => construct(DatabaseLock, "/tmp")).toThrow(TypeError);
    expect(() => construct(PackageLock, "/tmp", "bash")).toThrow(/holds a "\/"/u);
    expect(() => construct(SlotLock, "/tmp", { name: "bash", slot: "1" })).toThrow(TypeError);
    expect(() => construct(PackageLock, "bash", { directory: "" })).toThrow(
      "the option directory of new PackageLock() is empty",
    );
  });

  it("reads its names in that directory alone, so that files of one name are told apart", () => {
    for (const kind of [DatabaseLock, ArchivesLock, ListsLock]) {
      const lock = packages.identify(new kind().filename);
      expect(lock).toBeInstanceOf(kind);
      expect(lock?.filename).toBe(new kind().filename);
    }
    expect(packages.identify("/elsewhere/lock")).toBeNull();
    expect(DatabaseLock.buildIfMatches("/var/lib/lists/lock")).toBeNull();
  });
});

describe("a kind whose directory the environment may say", () => {
  it("looks there whenever a lock is constructed", () => {
    expect(new FrontendLock().filename).toBe("/run/packages/frontend.lock");
    vi.stubEnv(VARIABLE, "/srv/locks/");
    expect(new FrontendLock().filename).toBe("/srv/locks/frontend.lock");
    vi.stubEnv(VARIABLE, undefined);
    expect(new FrontendLock().filename).toBe("/run/packages/frontend.lock");
  });

  it("reads its names anywhere", () => {
    expect(packages.identify("/elsewhere/frontend.lock")?.filename).toBe(
      "/elsewhere/frontend.lock",
    );
  });

  it.each(["", "run", "./run"])("refuses %j in the variable, and names it", (value) => {
    vi.stubEnv(VARIABLE, value);
    expect(() => new FrontendLock()).toThrow(VARIABLE);
    expect(() => packages.directories).toThrow(TypeError);
    // What is given wins, and is all that is needed.
    expect(new FrontendLock({ directory: "/srv" }).filename).toBe("/srv/frontend.lock");
  });
});

describe("a catalogue that knows its directories", () => {
  it("says which they are", () => {
    vi.stubEnv(VARIABLE, "/srv/locks/");
    expect(packages.directories).toEqual([
      "/srv/locks",
      "/var/cache/archives",
      "/var/lib/lists",
      "/var/lib/packages",
    ]);
  });

  it("scans and sweeps those that are there, if none is given", async () => {
    const directory = join(realpathSync(temporaryDirectory()), "locks");
    vi.stubEnv(VARIABLE, directory);
    const listed = async () => (await packages.scan()).map(({ path }) => path);
    const before = await listed();
    mkdirSync(directory);
    using lock = new FrontendLock();
    await lock.acquire();
    writeFileSync(join(directory, "other.lock"), "");
    const ours = [lock.filename, join(directory, "other.lock")];
    expect(await listed()).toEqual([...ours, ...before].sort());
    const { held, notOurs } = await packages.sweep(undefined, { dryRun: true });
    expect(held.map(({ filename }) => filename)).toContain(lock.filename);
    expect(notOurs).toContain(ours[1]);
  });
});
