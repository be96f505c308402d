import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helperWaits } from "../support/script.js";

/** What a sweeper, a backup tool or an administrator may do to a lock file. */
const SWEEPS: readonly (readonly [what: string, sweep: (file: string) => void])[] = [
  ["unlinked", (file) => unlinkSync(file)],
  ["moved away", (file) => renameSync(file, `${file}.old`)],
  [
    "replaced by another file",
    (file) => {
      writeFileSync(`${file}.new`, "4711\n");
      renameSync(`${file}.new`, file);
    },
  ],
  [
    "unlinked and made anew",
    (file) => {
      unlinkSync(file);
      writeFileSync(file, "4711\n");
    },
  ],
  [
    "unlinked, with another link left,",
    (file) => {
      linkSync(file, `${file}.link`);
      unlinkSync(file);
    },
  ],
];

function newFile(): string {
  const directory = join(temporaryDirectory(), "locks");
  mkdirSync(directory);
  return join(directory, "x.lock");
}

describe("a lock whose file is", () => {
  it.each(SWEEPS)(
    "%s while it is held is given back without an error, and touches only its own file",
    (_what, sweep) => {
      const file = newFile();
      const lock = new LockFile(file);
      lock.acquireSync();
      sweep(file);
      const there = existsSync(file) ? readFileSync(file, "latin1") : null;
      // It excludes nobody any more: who comes now takes the file that is there now.
      expect(lock.held).toBe(true);
      using next = new LockFile(file);
      expect(next.getOwnerPid()).toBe(null);
      lock.release();
      expect(existsSync(file) ? readFileSync(file, "latin1") : null).toBe(there);
      expect(next.acquireSync()).toBe(true);
      expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
    },
  );

  it.each(
    SWEEPS.flatMap(([what, sweep]) => [
      [what, "acquire", sweep] as const,
      [what, "acquireSync", sweep] as const,
    ]),
  )(
    "%s while another process waits for it in %s is given to it at the path, and to it alone",
    async (_what, op, sweep) => {
      const file = newFile();
      const holder = new LockFile(file);
      holder.acquireSync();
      const contender = Peer.ours();
      const late = contender.call(op, [file], { timeout: 15_000 });
      // The contender is in the kernel's queue, on the file that is about to go.
      await helperWaits(file);
      sweep(file);
      const newcomer = new LockFile(file);
      expect(newcomer.acquireSync()).toBe(true);
      holder.release();
      // What the contender is granted now excludes nobody; it must see that, and wait for the newcomer.
      expect(await Promise.race([late, sleep(100, "not yet")])).toBe("not yet");
      newcomer.release();
      expect(await within(20_000, "the grant", late)).toBe(true);
      expect(readFileSync(file, "latin1")).toBe(`${contender.pid}\n`);
      expect(newcomer.getOwnerPid()).toBe(contender.pid);
      expect(newcomer.acquireSync({ raiseIfFail: false })).toBe(false);
    },
  );

  it("gone with its directory while it is held is given back without an error", () => {
    const file = newFile();
    const lock = new LockFile(file);
    lock.acquireSync();
    rmSync(join(file, ".."), { recursive: true });
    expect(new LockFile(file).getOwnerPid()).toBe(null);
    lock.release();
    expect(lock.held).toBe(false);
    expect(() => lock.acquireSync()).toThrow(
      expect.objectContaining({ code: "ENOENT", path: file }),
    );
    mkdirSync(join(file, ".."));
    expect(lock.acquireSync()).toBe(true);
    lock.release();
  });

  it("gone with its directory while it is waited for is the system's own error", async () => {
    const file = newFile();
    const holder = new LockFile(file);
    holder.acquireSync();
    const contender = Peer.ours();
    const late = contender.acquire([file], { timeout: 15_000 }).catch((error) => error);
    await helperWaits(file);
    rmSync(join(file, ".."), { recursive: true });
    holder.release();
    expect(await within(20_000, "the error", late)).toMatchObject({ code: "ENOENT" });
    expect(existsSync(join(file, ".."))).toBe(false);
  });

  it("a hard link to another lock's is that lock", () => {
    const file = newFile();
    using lock = new LockFile(file);
    lock.acquireSync();
    linkSync(file, `${file}.link`);
    using other = new LockFile(`${file}.link`);
    expect(lstatSync(file).nlink).toBe(2);
    expect(other.getOwnerPid()).toBe(process.pid);
    expect(other.acquireSync({ raiseIfFail: false })).toBe(false);
  });
});
