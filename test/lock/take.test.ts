import { unlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
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
    expect(() => tryTake(file, { updatePid: true, overwritesLine: false }, sweptAtOnce)).toThrow(
      expect.objectContaining({
        code: "LOCK_UNSAFE",
        path: file,
        message: expect.stringContaining("is another file each time it is opened"),
      }),
    );
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
