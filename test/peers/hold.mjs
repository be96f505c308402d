// node hold.mjs LIBRARY FILE: takes a lock without waiting, says "held", and keeps it; else says "busy" and ends.
import { closeSync, openSync } from "node:fs";

const [library, file] = process.argv.slice(2);

const take = {
  "lock-catalogue": async () => {
    const { LockFile } = await import("../../dist/src/index.js");
    return new LockFile(file).acquireSync({ raiseIfFail: false });
  },
  "fs-native-extensions": async () => {
    const { tryLock } = (await import("fs-native-extensions")).default;
    const fd = openSync(file, "a+");
    const isHeld = tryLock(fd);
    if (!isHeld) closeSync(fd);
    return isHeld;
  },
  "proper-lockfile": async () => {
    const { lockSync } = (await import("proper-lockfile")).default;
    try {
      lockSync(file, { realpath: false });
      return true;
    } catch (error) {
      if (error.code === "ELOCKED") return false;
      throw error;
    }
  },
};

if (await take[library]()) {
  console.log("held");
  setInterval(() => {}, 1e6);
} else {
  console.log("busy");
}
