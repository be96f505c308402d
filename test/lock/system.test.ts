import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canMount, inChild, nobodyReads, type Outcome, onMount } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";

describe("a umask", () => {
  const script = `
    process.umask(parseInt(args[1], 8));
    const lock = new LockFile(args[0]);
    const first = await attempt(() => lock.acquire());
    lock.release();
    const mode = fs.lstatSync(args[0]).mode & 0o7777;
    tell({ first, mode, again: await attempt(() => lock.acquire()) });
  `;

  it.each(["0", "022", "077"])("of %s makes a file of mode 0600", async (umask) => {
    const file = temporaryLock();
    const seen = await inChild(script, { args: [file, umask] });
    expect(seen).toEqual({ first: { value: true }, mode: 0o600, again: { value: true } });
  });

  it.skipIf(!nobodyReads)("of 0777 costs only the next acquire, which says why", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o777);
    const file = join(directory, "x.lock");
    const around = { args: [file, "777"], ordinaryUser: true };
    const seen = await inChild(script, around);
    const denied = { code: "LOCK_PERMISSION_DENIED", path: file, cause: "EACCES" };
    expect(seen).toMatchObject({ first: { value: true }, mode: 0, again: denied });
  });
});

describe.skipIf(!canMount)("a file system", () => {
  it("without space does not cost the lock: the kernel knows its holder until there is space", async () => {
    const directory = temporaryDirectory();
    const script = `
      import { execFileSync } from "node:child_process";
      const file = args[0] + "/x.lock";
      const elsewhere = (call) => JSON.parse(execFileSync(process.execPath, [
        "--input-type=module", "--eval",
        \`import { LockFile } from "lock-catalogue";
        const lock = new LockFile(process.argv[1]);
        try { console.log(JSON.stringify({ value: \${call} })); }
        catch ({ code, path }) { console.log(JSON.stringify({ code, path })); }\`, file]));
      const content = () => fs.readFileSync(file, "latin1");
      const lock = new LockFile(file);
      const full = await attempt(() => lock.acquire());
      const stamp = content();
      const owner = elsewhere("lock.getOwnerPid()");
      const contender = elsewhere("lock.acquireSync()");
      lock.release();
      const free = elsewhere("lock.getOwnerPid()");
      const next = elsewhere("lock.acquireSync()");
      fs.unlinkSync(args[0] + "/ballast");
      const space = await attempt(() => lock.acquire());
      tell({ pid: process.pid, file, full, stamp, owner, contender, free, next, space,
        stamped: content() === process.pid + "\\n", mine: elsewhere("lock.getOwnerPid()").value === process.pid });
    `;
    const fill = `cat /dev/zero > "${directory}/ballast" 2> /dev/null || true`;
    const seen = await inChild<{ file: string; pid: number }>(script, onMount(directory, fill));
    expect(seen).toEqual({
      file: seen.file,
      pid: seen.pid,
      full: { value: true },
      stamp: "",
      owner: { value: seen.pid },
      contender: { code: "LOCK_BUSY", path: seen.file },
      free: { value: null },
      next: { value: true },
      space: { value: true },
      stamped: true,
      mine: true,
    });
  });
});

describe("a process", () => {
  it("without descriptors gets the system's own error, loses none, and gets the lock later", async () => {
    const directory = temporaryDirectory();
    const script = `
      const file = args[0] + "/x.lock";
      const spent = [];
      const spend = () => { for (;;) try { spent.push(fs.openSync("/dev/null")); } catch { return; } };
      // The add-on is loaded at the first lock.
      const lock = new LockFile(file);
      lock.acquireSync();
      lock.release();
      spend();
      const none = await attempt(() => lock.acquire());
      const sync = await attempt(() => lock.acquireSync());
      const quiet = await attempt(() => lock.acquire({ raiseIfFail: false }));
      const look = await attempt(() => lock.getOwnerPid());
      for (const fd of spent.splice(0, 1)) fs.closeSync(fd);
      // With a single one a thousand times over: every failed and every released acquire gives it back.
      let taken = 0;
      for (let n = 0; n < 1000; n++) {
        if (lock.acquireSync()) taken++;
        await attempt(() => new LockFile(args[0] + "/none/x.lock").acquireSync());
        lock.release();
        if (lock.getOwnerPid() !== null) taken--;
      }
      tell({ none, sync, quiet, look, taken, later: await attempt(() => lock.acquire()) });
    `;
    // Else a thread of Node.js that gives memory back opens /proc/sys/vm/overcommit_memory, and has the single one meanwhile.
    const shell = 'ulimit -n 64\nexport MALLOC_ARENA_MAX=1\nexec "$@"';
    const seen = await inChild(script, { args: [directory], shell });
    const error = { code: "EMFILE", path: join(directory, "x.lock") };
    expect(seen).toMatchObject({
      none: error,
      sync: error,
      quiet: error,
      look: error,
      taken: 1000,
      later: { value: true },
    });
  });

  it("without descriptors, at its very first lock, is not told to build the add-on", async () => {
    const script = `
      const spent = [];
      try { for (;;) spent.push(fs.openSync("/dev/null")); } catch {}
      fs.closeSync(spent.pop());
      const lock = new LockFile(args[0]);
      const scarce = await attempt(() => lock.acquire());
      for (const fd of spent) fs.closeSync(fd);
      tell({ scarce, later: await attempt(() => lock.acquire()) });
    `;
    const file = temporaryLock();
    const shell = 'ulimit -n 64\nexec "$@"';
    const seen = await inChild<{ scarce: Outcome; later: Outcome }>(script, {
      args: [file],
      shell,
    });
    expect(seen.later).toEqual({ value: true });
    expect(seen.scarce.code).not.toBe("LOCK_NATIVE_MISSING");
  });

  // A child that inherits its standard input would inherit the lock, and keep it when we are killed.
  it("that has descriptor 0 free keeps it so, and holds its lock by another", async () => {
    const file = temporaryLock();
    const script = `
      // Node opens what was closed when it was started, so that it must be closed again.
      fs.closeSync(0);
      const lock = new LockFile(args[0]);
      const inode = (what) => { try { return String(fs.fstatSync(what).ino); } catch { return null; } };
      const taken = await attempt(() => lock.acquire());
      const seen = { held: lock.held, zero: inode(0) === String(fs.lstatSync(args[0]).ino) };
      const other = new LockFile(args[0]);
      seen.busy = other.acquireSync({ raiseIfFail: false });
      seen.stamped = fs.readFileSync(args[0], "latin1") === process.pid + "\\n";
      lock.release();
      seen.free = [lock.held, lock.getOwnerPid()];
      tell({ taken, ...seen, again: other.acquireSync({ raiseIfFail: false }), zeroAgain: inode(0) !== null,
        links: fs.readdirSync("/proc/self/fd").filter((fd) => {
          try { return fs.readlinkSync("/proc/self/fd/" + fd) === args[0]; } catch { return false; }
        }).length });
    `;
    const shell = 'exec "$@" 0<&-';
    const seen = await inChild(script, { args: [file], shell });
    expect(seen).toEqual({
      taken: { value: true },
      held: true,
      zero: false,
      busy: false,
      stamped: true,
      free: [false, null],
      again: true,
      zeroAgain: false,
      links: 1,
    });
  });
});

describe("a descriptor that was closed behind the back of its lock", () => {
  it("costs the lock, and release does not throw", async () => {
    const file = temporaryLock();
    const script = `
      const lock = new LockFile(args[0]);
      lock.acquireSync();
      const { ino } = fs.lstatSync(args[0]);
      for (let fd = 3; fd < 100; fd++) try { if (fs.fstatSync(fd).ino === ino) fs.closeSync(fd); } catch {}
      const stolen = new LockFile(args[0]).getOwnerPid();
      tell({ stolen, release: await attempt(() => lock.release() ?? null), held: lock.held,
        again: await attempt(() => lock.acquireSync()) });
    `;
    const seen = await inChild(script, { args: [file] });
    const expected = {
      stolen: null,
      release: { value: null },
      held: false,
      again: { value: true },
    };
    expect(seen).toEqual(expected);
  });
});
