import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { release } from "../../src/lock/held.js";
import { tryTake } from "../../src/lock/take.js";
import { lockExclusive } from "../../src/system/flock.js";
import { temporaryLock } from "../support/directory.js";
import { Script } from "../support/script.js";

describe("a try to take a lock", () => {
  it("gives up where the file is another each time, and says what it may be", () => {
    const file = temporaryLock();
    const sweptAtOnce = (fd: number): boolean => {
      unlinkSync(file);
      return lockExclusive(fd);
    };
    expect(() =>
      tryTake(
        file,
        {
          kind: "LockFile",
          mode: "exclusive",
          updatePid: true,
          overwritesLine: false,
          rights: null,
        },
        sweptAtOnce,
      ),
    ).toThrow(
      expect.objectContaining({
        code: "LOCK_UNSAFE",
        path: file,
        message: expect.stringContaining("is another file each time it is opened"),
      }),
    );
  });

  // As `cp -al` makes a snapshot, and a clean-up then removes the original: its inode still has a link.
  it.each([
    ["before it is opened", true, (file: string) => unlinkSync(file)],
    ["after it was opened", false, (file: string) => unlinkSync(file)],
    [
      "before it is opened, by another file",
      true,
      (file: string) => {
        writeFileSync(`${file}.new`, "");
        renameSync(`${file}.new`, file);
      },
    ],
  ])(
    "of a file that has a second link, made %s, and is swept then, has one holder",
    (_when, early, sweep) => {
      const file = temporaryLock();
      const snapshot = `${file}.snapshot`;
      writeFileSync(file, "1\n");
      if (early) linkSync(file, snapshot);
      let sweeps = 0;
      const sweptBetween = (fd: number): boolean => {
        if (sweeps++ === 0) {
          if (!early) linkSync(file, snapshot);
          sweep(file);
        }
        return lockExclusive(fd);
      };
      const hold = tryTake(
        file,
        {
          kind: "LockFile",
          mode: "exclusive",
          updatePid: true,
          overwritesLine: false,
          rights: null,
        },
        sweptBetween,
      );
      // Who comes now takes the file that is there now.
      expect(new LockFile(file).acquireSync({ raiseIfFail: false })).toBe(false);
      expect(new LockFile(file).getOwnerPid()).toBe(process.pid);
      expect(readFileSync(snapshot, "latin1")).toBe("1\n");
      expect(sweeps).toBe(2);
      if (hold !== null) release(hold);
      using next = new LockFile(file);
      expect(next.acquireSync()).toBe(true);
    },
  );

  it("of a file that has a second link takes it, as a snapshot is legal", () => {
    const file = temporaryLock();
    writeFileSync(file, "");
    linkSync(file, `${file}.snapshot`);
    using lock = new LockFile(file);
    expect(lock.acquireSync()).toBe(true);
    expect(new LockFile(`${file}.snapshot`).acquireSync({ raiseIfFail: false })).toBe(false);
  });

  it("of a link to somebody's file leaves its content alone", () => {
    const file = temporaryLock();
    writeFileSync(`${file}.precious`, "precious\n");
    linkSync(`${file}.precious`, file);
    using lock = new LockFile(file);
    expect(lock.acquireSync()).toBe(true);
    lock.release();
    expect(readFileSync(`${file}.precious`, "latin1")).toBe("precious\n");
  });

  it("takes a shared lock that stays for a holder's, though its process is always at work", async () => {
    const file = temporaryLock();
    const sharing = new Script(`
      import { openSync } from "node:fs";
      import fsExt from "fs-ext";
      fsExt.flockSync(openSync(${JSON.stringify(file)}, "w"), "shnb");
      console.log("shared");
      for (;;);
    `);
    expect(await sharing.line()).toBe("shared");
    await expect(new LockFile(file).acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
  });
});
