import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { canMount, inChild, type Outcome } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";

/**
 * What a content is: white space and digits, which lock programs write; another single line, which a kind takes for a
 * garbled stamp; or somebody's data.
 */
type Nature = "stamp" | "line" | "data";

/** First lines that are no PID, or only look like one. */
const GARBLED: readonly (readonly [what: string, content: string | Buffer, nature: Nature])[] = [
  ["empty", "", "stamp"],
  ["blank", "      \n", "stamp"],
  ["a line end", "\n", "stamp"],
  ["NULs", "\0\0\0\0\n", "data"],
  ["zero", "0\n", "stamp"],
  ["negative", "-1\n", "line"],
  ["negative zero", "-0\n", "line"],
  ["signed", "+5\n", "line"],
  ["with a separator", "1_000\n", "line"],
  ["with a comma", "1,000\n", "line"],
  ["in other digits", "٣\n", "line"],
  ["in full-width digits", "１２\n", "line"],
  ["with an exponent", "1e3\n", "line"],
  ["hexadecimal", "0x10\n", "line"],
  ["a fraction", "12.0\n", "line"],
  ["digits and letters", "12abc\n", "line"],
  ["with zeros in front", "007\n", "stamp"],
  ["of twenty digits", "12345678901234567890\n", "stamp"],
  ["of ten thousand digits", `${"9".repeat(10_000)}\n`, "data"],
  ["2^31", "2147483648\n", "stamp"],
  ["2^32 + 1", "4294967297\n", "stamp"],
  ["after a BOM", "\ufeff123\n", "line"],
  ["with CRLF", "123\r\n", "stamp"],
  ["with CR", "123\r", "stamp"],
  ["after a blank", " 123\n", "stamp"],
  ["before a blank", "123 \n", "stamp"],
  ["on the second line", "\n123\n", "stamp"],
  ["before a NUL", "123\0\n", "data"],
  ["in UTF-16", Buffer.from("123\n", "utf16le"), "data"],
  ["words", "locked by main\n", "line"],
  ["binary", Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37 + 128) % 256)), "data"],
  ["a hundred megabytes", Buffer.alloc(0), "data"],
];

/** First lines that are a PID: the holder's, or another that stands there by the holder's leave. */
const LEGIBLE: readonly (readonly [
  what: string,
  content: (holder: number) => string,
  nature: Nature,
])[] = [
  ["the holder's PID", (pid) => `${pid}\n`, "stamp"],
  ["the holder's PID, more lines after it", (pid) => `${pid}\nmore\n123\n`, "data"],
  ["the holder's PID, no line end", (pid) => `${pid}`, "stamp"],
  ["the first digit of the holder's PID", (pid) => `${pid}`.slice(0, 1), "stamp"],
  ["the PID of a live process that does not hold it", () => `${process.pid}\n`, "stamp"],
  ["the PID of init", () => "1\n", "stamp"],
  ["a PID of nobody", () => `${2 ** 22 + 1}\n`, "stamp"],
  ["the greatest PID", () => `${2 ** 31 - 1}\n`, "stamp"],
];

/** Files of other programs, as they are when somebody locks them by mistake, or by design. */
const DATA: Readonly<Record<string, string>> = {
  "config.json": '{\n  "port": 8080\n}\n',
  "nodes.conf": `${"07c37df".repeat(5)} 127.0.0.1:30004@31004 myself,master - 0 0 1 connected 0-5460\nvars currentEpoch 6\n`,
  "logrotate.status": 'logrotate state -- version 2\n"/var/log/syslog" 2026-1-1-0:0:0\n',
};

const ALL = [
  ...GARBLED,
  ...LEGIBLE.map(([what, make, nature]) => [what, make(123_456), nature] as const),
  ...["config.json", "nodes.conf", "logrotate.status"].map(
    (name) => [`that of ${name}`, DATA[name] ?? "", "data"] as const,
  ),
  ["JSON", '{ "port": 8080 }\n', "line"],
  ["of 64 bytes", `${"x".repeat(63)}\n`, "line"],
  ["of 65 bytes", `${"x".repeat(64)}\n`, "data"],
  ["64 digits and white space", "12 \t\r\n".repeat(10), "stamp"],
  ["65 digits and white space", `${"12 \t\r\n".repeat(10)}12345`, "data"],
  ["two lines of words", "locked\nby main\n", "data"],
] as const;

/** That nobody but the kernel says who holds the lock. */
async function expectUntouched(file: string, lock: LockFile, other: Peer): Promise<void> {
  const before = stateOf(file);
  expect(await lock.acquire()).toBe(true);
  expect(stateOf(file)).toEqual(before);
  expect(await other.owner([file])).toBe(process.pid);
  lock.release();
  expect(lock.acquireSync({ updatePid: true })).toBe(true);
  lock.release();
  expect(stateOf(file)).toEqual(before);
  expect(await other.owner([file])).toBe(null);
}

/** That the lock leaves our PID in the file, and nothing else, and spaces after. */
async function expectStamped(file: string, lock: LockFile, other: Peer): Promise<void> {
  const inode = lstatSync(file).ino;
  expect(await lock.acquire()).toBe(true);
  expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
  expect(await other.owner([file])).toBe(process.pid);
  lock.release();
  expect(readFileSync(file, "latin1")).toMatch(/^ +\n$/);
  expect(readFileSync(file)).toHaveLength(`${process.pid}\n`.length);
  expect(await other.owner([file])).toBe(null);
  expect(lstatSync(file)).toMatchObject({ ino: inode, mode: 0o100640 });
}

/** A lock file with a content. */
function fileWith(what: string, content: string | Buffer, name = "x.lock"): string {
  const file = join(temporaryDirectory(), name);
  writeFileSync(file, content, { mode: 0o640 });
  if (what === "a hundred megabytes") truncateSync(file, 100 * 2 ** 20);
  return file;
}

/** All that a contender may not change. A change of any byte changes the times, which are exact. */
function stateOf(file: string): object {
  const { size, mode, uid, gid, nlink, ino, blocks, mtimeNs, ctimeNs } = lstatSync(file, {
    bigint: true,
  });
  return { size, mode, uid, gid, nlink, ino, blocks, mtimeNs, ctimeNs, head: headOf(file) };
}

function headOf(file: string): string {
  const fd = openSync(file, "r");
  try {
    const head = Buffer.alloc(16_384);
    return head.toString("hex", 0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}

describe("a lock file", () => {
  let peer: Peer;
  beforeAll(() => {
    peer = Peer.ours({ untilTestFinishes: false });
  });
  afterAll(() => peer.kill());

  /** Has the other process take the lock, and leave the content as it is. */
  const heldByPeer = (file: string) => peer.acquire([file], { updatePid: false });

  it.each(GARBLED)(
    "whose first line is %s has the holder that the kernel knows",
    async (what, content) => {
      const file = fileWith(what, content);
      await heldByPeer(file);
      const before = stateOf(file);
      expect(new LockFile(file).getOwnerPid()).toBe(peer.pid);
      expect(stateOf(file)).toEqual(before);
      await peer.release([file]);
    },
  );

  it.skipIf(!canMount)(
    "whose first line is no PID names no holder if the kernel does not",
    async () => {
      const files = GARBLED.map(([what, content]) => fileWith(what, content));
      for (const file of files) await heldByPeer(file);
      const before = files.map(stateOf);
      const script = `
      const owners = args.map((file) => attempt(() => new LockFile(file).getOwnerPid()));
      tell(await Promise.all(owners));
    `;
      const shell = 'mount -t tmpfs none /proc\nexec "$@"';
      const seen = await inChild<Outcome[]>(script, { args: files, ownMounts: true, shell });
      expect(seen.map(({ code, value, path }) => [code ?? value, path])).toEqual(
        files.map((file) => ["LOCK_STAMP_GARBLED", file]),
      );
      expect(files.map(stateOf)).toEqual(before);
      for (const file of files) await peer.release([file]);
    },
  );

  it.each(LEGIBLE)("whose first line is %s has the holder that took it", async (what, make) => {
    const file = fileWith(what, make(peer.pid));
    await heldByPeer(file);
    const before = stateOf(file);
    expect(new LockFile(file).getOwnerPid()).toBe(peer.pid);
    expect(stateOf(file)).toEqual(before);
    await peer.release([file]);
  });

  it.each(LEGIBLE)(
    "whose first line is %s never makes a busy error name another",
    async (what, make) => {
      const file = fileWith(what, make(peer.pid));
      await heldByPeer(file);
      await expect(new LockFile(file).acquire()).rejects.toThrow(`held by PID ${peer.pid}. `);
      await peer.release([file]);
    },
  );

  it.each(ALL)(
    "whose first line is %s is as it was after a contender lost",
    async (what, content) => {
      const file = fileWith(what, content);
      await heldByPeer(file);
      const before = stateOf(file);
      const lock = new LockFile(file);
      await expect(lock.acquire()).rejects.toMatchObject({
        code: "LOCK_BUSY",
        message: expect.stringContaining(`held by PID ${peer.pid}. `),
      });
      await expect(lock.acquire({ timeout: 2 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
      expect(() => lock.acquireSync()).toThrow(expect.objectContaining({ code: "LOCK_BUSY" }));
      expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
      expect(stateOf(file)).toEqual(before);
      await peer.release([file]);
    },
  );

  it.each(ALL)("whose first line is %s is free where nobody holds it", (what, content) => {
    const file = fileWith(what, content);
    const before = stateOf(file);
    expect(new LockFile(file).getOwnerPid()).toBe(null);
    expect(stateOf(file)).toEqual(before);
  });

  it.each(ALL)(
    "whose first line is %s has our PID once held, and spaces after, unless a lock program did not write it",
    async (what, content, nature) => {
      const file = fileWith(what, content);
      const expectSeen = nature === "stamp" ? expectStamped : expectUntouched;
      await expectSeen(file, new LockFile(file), peer);
    },
  );

  it.each(ALL)(
    "of a kind, whose first line is %s, has our PID once held, and spaces after, unless it is somebody's data",
    async (what, content, nature) => {
      const file = fileWith(what, content, ".main-backup.lock");
      const expectSeen = nature === "data" ? expectUntouched : expectStamped;
      await expectSeen(file, new ServerBackupLock(dirname(file), "main"), peer);
    },
  );

  it("that is made has mode 0600", () => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    lock.acquireSync();
    expect(lstatSync(file).mode).toBe(0o100600);
  });

  it.skipIf(!hasBarman)(
    "that a killed Barman left with its PID is free, and then ours",
    async () => {
      const file = temporaryLock();
      const barman = Peer.barman();
      await barman.acquire([file]);
      expect(new LockFile(file).getOwnerPid()).toBe(barman.pid);
      await barman.kill("SIGKILL");
      expect(readFileSync(file, "latin1")).toBe(`${barman.pid}\n`);
      using lock = new LockFile(file);
      expect(lock.getOwnerPid()).toBe(null);
      lock.acquireSync();
      expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
    },
  );
});
