import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canMount, inChild, isRoot, nobodyReads, type Outcome, onMount } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { expectHelpful } from "./helpful.js";

const LOCK = 'ServerBackupLock (serverName "main")';

/** Every way to take the lock `main` in the directory that is the first argument, and to look at it. */
const EVERY_WAY = `
const lock = new barman.ServerBackupLock(args[0], "main");
const quiet = new barman.ServerBackupLock(args[0], "main", { raiseIfFail: false });
tell({
  file: lock.filename,
  acquire: await attempt(() => lock.acquire()),
  wait: await attempt(() => lock.acquire({ timeout: 10_000 })),
  sync: await attempt(() => lock.acquireSync()),
  quiet: [await quiet.acquire(), await quiet.acquire({ wait: true }), quiet.acquireSync()],
  owner: await attempt(() => lock.getOwnerPid()),
  held: lock.held || quiet.held,
});
`;

interface EveryWay {
  readonly file: string;
  readonly acquire: Outcome;
  readonly wait: Outcome;
  readonly sync: Outcome;
  readonly quiet: readonly boolean[];
  readonly owner: Outcome;
  readonly held: boolean;
}

/** That every way was refused for want of permission, and says so. */
function expectDenied(seen: EveryWay, cause: string, says: RegExp): void {
  for (const error of [seen.acquire, seen.wait, seen.sync]) {
    expectHelpful(error, {
      name: "LockFilePermissionDenied",
      code: "LOCK_PERMISSION_DENIED",
      path: seen.file,
      lock: LOCK,
      says: [/No permission/, new RegExp(cause), says],
    });
    expect(error.cause).toBe(cause);
  }
  expect(seen.quiet).toEqual([false, false, false]);
  expect(seen.held).toBe(false);
}

describe.skipIf(!nobodyReads)("a user without permission", () => {
  const around = (directory: string) => ({ args: [directory], ordinaryUser: true });

  it("for a directory is told so, and a lock that nobody ever took is free", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o555);
    const seen = await inChild<EveryWay>(EVERY_WAY, around(directory));
    expectDenied(
      seen,
      "EACCES",
      /The lock directory \S+ belongs to user \d+, group \d+, mode 0555; we are user \d+, groups? [\d, ]+\. Run as its owner/,
    );
    expect(seen.owner).toEqual({ value: null });
  });

  it("to enter a directory is told so", async () => {
    const parent = temporaryDirectory();
    const directory = join(parent, "closed");
    mkdirSync(directory);
    chmodSync(parent, 0o600);
    const seen = await inChild<EveryWay>(EVERY_WAY, around(directory));
    chmodSync(parent, 0o700);
    const says = new RegExp(
      `the directory ${parent} belongs to user \\d+, .* mode 0600; we are user`,
    );
    expectDenied(seen, "EACCES", says);
    expect(seen.owner).toMatchObject({ code: "LOCK_PERMISSION_DENIED", path: seen.file });
    // To look is not to write, and who asks for an owner is not to be sent after another permission.
    expect(seen.owner.message).not.toContain("for writing");
  });

  it("to write a file is told so, and may look who holds it", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, ".main-backup.lock"), "");
    chmodSync(join(directory, ".main-backup.lock"), 0o444);
    const seen = await inChild<EveryWay>(EVERY_WAY, around(directory));
    // Of the directory's owner, who may be anybody, nothing is said.
    const says = isRoot ? /The file belongs to user 0, .* 0444; .*have its owner/ : /`chmod u\+rw`/;
    expectDenied(seen, "EACCES", says);
    expect(seen.owner).toEqual({ value: null });
  });
});

describe.skipIf(!canMount)("a file system", () => {
  it("that is read-only is told so", async () => {
    const directory = temporaryDirectory();
    const remount = `mount -o remount,bind,ro "${directory}"`;
    const seen = await inChild<EveryWay>(EVERY_WAY, onMount(directory, remount));
    expectDenied(seen, "EROFS", /read-only: choose another lock directory/);
    expect(seen.owner).toEqual({ value: null });
  });

  it("that is read-only, with the file on it, is told so", async () => {
    const directory = temporaryDirectory();
    const make = `echo 12345 > "${directory}/.main-backup.lock"`;
    const remount = `mount -o remount,bind,ro "${directory}"`;
    const seen = await inChild<EveryWay>(EVERY_WAY, onMount(directory, `${make}\n${remount}`));
    expectDenied(seen, "EROFS", /read-only: choose another lock directory/);
    expect(seen.owner).toEqual({ value: null });
  });
});

describe.skipIf(!isRoot || !nobodyReads)("a sticky directory of another owner", () => {
  /** As /tmp is, where fs.protected_regular may refuse O_CREAT on files of others. */
  function stickyWith(mode: number): string {
    const directory = temporaryDirectory();
    const file = join(directory, ".main-backup.lock");
    writeFileSync(file, "");
    chownSync(file, 12_345, 12_345);
    chmodSync(file, mode);
    chownSync(directory, 23_456, 23_456);
    chmodSync(directory, 0o1777);
    return directory;
  }

  it.each([true, false])(
    "keeps nobody from a lock file that all may write (nobody: %s)",
    async (ordinaryUser) => {
      const script = `
      const lock = new barman.ServerBackupLock(args[0], "main");
      const taken = await attempt(() => lock.acquire());
      const owner = await attempt(() => new LockFile(lock.filename).getOwnerPid());
      lock.release();
      tell({ taken, own: owner.value === process.pid, again: await attempt(() => lock.acquireSync()) });
    `;
      const seen = await inChild(script, { args: [stickyWith(0o666)], ordinaryUser });
      expect(seen).toEqual({ taken: { value: true }, own: true, again: { value: true } });
    },
  );

  it("keeps others from a lock file that only its owner may write, and says so", async () => {
    const around = { args: [stickyWith(0o600)], ordinaryUser: true };
    const says = /The file belongs to user 12345, group 12345, mode 0600; we are user 65534/;
    expectDenied(await inChild<EveryWay>(EVERY_WAY, around), "EACCES", says);
  });
});
