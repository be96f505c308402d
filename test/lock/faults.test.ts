import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { inChild, type Surroundings } from "./child.js";

/** A library whose flock(2) fails with the errors of $FAULTS, one after the other, before it is the system's. */
const FAULTY = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

int flock(int fd, int operation) {
  static const char *faults;
  if (!faults) faults = getenv("FAULTS");
  if (*faults) {
    errno = strtol(faults, (char **)&faults, 10);
    if (*faults) faults++;
    return -1;
  }
  return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(fd, operation);
}
`;

const hasCompiler: boolean = spawnSync("cc", ["--version"]).status === 0;

/** A child whose first calls of flock(2) fail so, by errno. */
function withFaults(errnos: readonly number[], ...args: readonly string[]): Surroundings {
  const library = join(temporaryDirectory(), "faulty.so");
  const compile = ["-shared", "-fPIC", "-o", library, "-x", "c", "-", "-ldl"];
  const { status, stderr } = spawnSync("cc", compile, { input: FAULTY, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return { args, shell: `LD_PRELOAD=${library} FAULTS=${errnos.join(",")} exec "$@"` };
}

const EINTR = 4;
const ENOLCK = 37;

describe.skipIf(!hasCompiler)("flock(2)", () => {
  it("that is interrupted by a signal is called again", async () => {
    const file = temporaryLock();
    const script = `
      const lock = new LockFile(args[0]);
      const taken = await attempt(() => lock.acquire());
      tell({ taken, stamp: fs.readFileSync(args[0], "latin1") === process.pid + "\\n" });
    `;
    const seen = await inChild(script, withFaults([EINTR, EINTR, EINTR], file));
    expect(seen).toEqual({ taken: { value: true }, stamp: true });
  });

  it("that cannot lock gives the system's error, and leaves nothing open", async () => {
    const file = temporaryLock();
    const script = `
      const lock = new LockFile(args[0]);
      const open = () => fs.readdirSync("/proc/self/fd").length;
      const before = open();
      const now = await attempt(() => lock.acquire({ wait: true }));
      const sync = await attempt(() => lock.acquireSync({ timeout: 1000 }));
      const quiet = await attempt(() => lock.acquire({ raiseIfFail: false }));
      const after = open();
      tell({ now, sync, quiet, left: after - before, held: lock.held, later: await attempt(() => lock.acquire()) });
    `;
    const seen = await inChild(script, withFaults([ENOLCK, ENOLCK, ENOLCK], file));
    const failed = expect.objectContaining({ code: "ENOLCK", path: file });
    expect(seen).toEqual({
      ...{ now: failed, sync: failed, quiet: { value: false } },
      ...{ left: 0, held: false, later: { value: true } },
    });
  });
});
