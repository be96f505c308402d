import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { temporaryLock } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";

/** First lines that are no PID, or only look like one. */
const GARBLED: readonly (readonly [what: string, content: string | Buffer])[] = [
  ["empty", ""],
  ["blank", "      \n"],
  ["a line end", "\n"],
  ["NULs", "\0\0\0\0\n"],
  ["zero", "0\n"],
  ["negative", "-1\n"],
  ["negative zero", "-0\n"],
  ["signed", "+5\n"],
  ["with a separator", "1_000\n"],
  ["with a comma", "1,000\n"],
  ["in other digits", "٣\n"],
  ["in full-width digits", "１２\n"],
  ["with an exponent", "1e3\n"],
  ["hexadecimal", "0x10\n"],
  ["a fraction", "12.0\n"],
  ["digits and letters", "12abc\n"],
  ["with zeros in front", "007\n"],
  ["of twenty digits", "12345678901234567890\n"],
  ["of ten thousand digits", `${"9".repeat(10_000)}\n`],
  ["2^31", "2147483648\n"],
  ["2^32 + 1", "4294967297\n"],
  ["after a BOM", "\ufeff123\n"],
  ["with CRLF", "123\r\n"],
  ["with CR", "123\r"],
  ["after a blank", " 123\n"],
  ["before a blank", "123 \n"],
  ["on the second line", "\n123\n"],
  ["before a NUL", "123\0\n"],
  ["in UTF-16", Buffer.from("123\n", "utf16le")],
  ["words", "locked by main\n"],
  ["binary", Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37 + 128) % 256))],
  ["a hundred megabytes", Buffer.alloc(0)],
];

/** First lines that are a PID: the holder's, or another that stands there by the holder's leave. */
const LEGIBLE: readonly (readonly [what: string, content: (holder: number) => string])[] = [
  ["the holder's PID", (pid) => `${pid}\n`],
  ["the holder's PID, more lines after it", (pid) => `${pid}\nmore\n123\n`],
  ["the holder's PID, no line end", (pid) => `${pid}`],
  ["the first digit of the holder's PID", (pid) => `${pid}`.slice(0, 1)],
  ["the PID of a live process that does not hold it", () => `${process.pid}\n`],
  ["the PID of init", () => "1\n"],
  ["a PID of nobody", () => `${2 ** 22 + 1}\n`],
  ["the greatest PID", () => `${2 ** 31 - 1}\n`],
];

const ALL = [...GARBLED, ...LEGIBLE.map(([what, make]) => [what, make(123_456)] as const)];

/** A lock file with a content. */
function fileWith(what: string, content: string | Buffer): string {
  const file = temporaryLock();
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
    "whose first line is %s names no holder while it is held",
    async (what, content) => {
      const file = fileWith(what, content);
      await heldByPeer(file);
      const before = stateOf(file);
      expect(() => new LockFile(file).getOwnerPid()).toThrow(
        expect.objectContaining({ name: "LockFileParsingError", path: file }),
      );
      expect(stateOf(file)).toEqual(before);
      await peer.release([file]);
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
      await expect(new LockFile(file).acquire()).rejects.toThrow(`held by PID ${peer.pid} (`);
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
        message: expect.stringContaining(`held by PID ${peer.pid} (`),
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
    "whose first line is %s has our PID and nothing else once held, and blanks after",
    async (what, content) => {
      const file = fileWith(what, content);
      const inode = lstatSync(file).ino;
      const lock = new LockFile(file);
      expect(await lock.acquire()).toBe(true);
      expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
      expect(await peer.owner([file])).toBe(process.pid);
      lock.release();
      expect(readFileSync(file, "latin1")).toMatch(/^ +\n$/);
      expect(readFileSync(file)).toHaveLength(`${process.pid}\n`.length);
      expect(await peer.owner([file])).toBe(null);
      expect(lstatSync(file)).toMatchObject({ ino: inode, mode: 0o100640 });
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
