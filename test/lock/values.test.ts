import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  barman,
  ServerBackupIdLock,
  ServerBackupLock,
  ServerCronLock,
} from "../../generated/index.js";
import { LockFile, LockFileNameError } from "../../src/index.js";
import { JobLock, listed } from "../codegen/golden/listed-values/generated/index.js";
import { BackupIdLock, named } from "../codegen/golden/named-values/generated/index.js";
import {
  AnyNumberLock,
  numbered,
  OffsetLock,
} from "../codegen/golden/whole-numbers/generated/index.js";
import { temporaryDirectory } from "../support/directory.js";

/** A kind whose name is its value and nothing else; none of Barman's is like that. */
class BareLock extends LockFile {
  static override readonly TEMPLATE: string = "{name}";
  static override readonly PARAMETERS: Readonly<Record<"name", RegExp>> = { name: /^[^/]+$/u };
  override readonly kind = "BareLock";
  readonly name: string;

  constructor(lockDirectory: string, name: string) {
    super(BareLock.locate(lockDirectory, { name }));
    this.name = name;
  }
}

const LEGAL: readonly string[] = [
  ...["main", "main-db", "a-sync", "x-cron", "a-backup.lock", "backup", "-", "--", "-backup"],
  ...[".", "..", "...", ".hidden", " ", " blanks ", "line\nbreak", "\n", "\r\n", "tab\t", "\x7f"],
  ...["*", "[a-z]?", "{a,b}", "(a|b)+", "\\d", "\\", "^$", "~", "%s", "%2F", "${x}", "$&", "$1"],
  ...["{serverName}", "{{", "}}", "__proto__", "constructor", "toString", "hasOwnProperty"],
  ...[
    "é",
    "e\u0301",
    "ß",
    "İ",
    "日本語",
    "🔒",
    "👩‍👩‍👧",
    "\u202eevil",
    "\u2028",
    "\ufeff",
    "\ufffd",
  ],
  ...["n".repeat(242), "日".repeat(80), "🔒".repeat(60)],
];

describe("a value that can be part of a file name", () => {
  it.each(LEGAL.map((value) => [value]))("%j is what it says, on disk and read back", (value) => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, value);
    expect(lock.filename).toBe(join(directory, `.${value}-backup.lock`));
    expect(lock.serverName).toBe(value);
    expect(lock.acquireSync()).toBe(true);
    expect(readdirSync(directory)).toEqual([`.${value}-backup.lock`]);
    const read = barman.identify(lock.filename);
    expect(read).toMatchObject({ kind: "ServerBackupLock", serverName: value });
    expect(read?.filename).toBe(lock.filename);
    expect(read?.getOwnerPid()).toBe(process.pid);
    lock.release();
  });

  it.each([
    ["main", "main-db"],
    ["é", "e\u0301"],
    ["Main", "main"],
    ["a", "a "],
    ["__proto__", "constructor"],
  ])("%j is another lock than %j, and both can be held", (one, another) => {
    const directory = temporaryDirectory();
    using first = new ServerBackupLock(directory, one);
    using second = new ServerBackupLock(directory, another);
    expect([first.acquireSync(), second.acquireSync()]).toEqual([true, true]);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it("that holds another kind's suffix makes the same file as that kind, and excludes it", () => {
    const directory = temporaryDirectory();
    using byId = new ServerBackupIdLock(directory, "main", "backup");
    using byServer = new ServerBackupLock(directory, "main");
    expect(byId.filename).toBe(byServer.filename);
    expect(byId.acquireSync()).toBe(true);
    expect(byServer.acquireSync({ raiseIfFail: false })).toBe(false);
  });

  it("fills a name of 255 bytes and not one of 256, however many characters that is", () => {
    const make = (value: string) => new ServerBackupLock("/locks", value);
    const tooLong = (bytes: number) =>
      `the name would have ${bytes} bytes, and a file name has at most 255: shorten a value`;
    expect(Buffer.byteLength(make("n".repeat(242)).filename)).toBe(255 + "/locks/".length);
    expect(() => make("n".repeat(243))).toThrow(tooLong(256));
    expect(() => make("日".repeat(81))).toThrow(tooLong(256));
    expect(() => make("日".repeat(85))).toThrow(tooLong(268));
    expect(() => make("🔒".repeat(61))).toThrow(tooLong(257));
    expect(() => make("x".repeat(1_000_000))).toThrow(tooLong(1_000_013));
    const bare = new BareLock(temporaryDirectory(), "日".repeat(85));
    expect(bare.acquireSync()).toBe(true);
    bare.release();
  });
});

const ILLEGAL: readonly (readonly [value: unknown, says: string])[] = [
  ["", "serverName is empty"],
  ["/", 'serverName "/" holds a "/"'],
  ["../evil", 'serverName "../evil" holds a "/"'],
  ["a/b", 'serverName "a/b" holds a "/": the lock file would be in another directory'],
  ["main/", 'serverName "main/" holds a "/"'],
  ["\0", 'serverName "\\u0000" holds a NUL character'],
  ["main\0.evil", 'serverName "main\\u0000.evil" holds a NUL character, which ends a file name'],
  ["\ud800", 'serverName "\\ud800" holds half a surrogate pair, which is no character'],
  ["a\udc00b", 'serverName "a\\udc00b" holds half a surrogate pair'],
  ["\udd12\ud83d", 'serverName "\\udd12\\ud83d" holds half a surrogate pair'],
  [undefined, "serverName must be a string, and is undefined"],
  [null, "serverName must be a string, and is null"],
  [7, "serverName must be a string, and is number"],
  [["main"], "serverName must be a string, and is object"],
  [new String("main"), "serverName must be a string, and is object"],
];

describe("a value that cannot be part of a file name", () => {
  it.each(ILLEGAL)("%j is a LockFileNameError that says why", (value, says) => {
    // What a JavaScript caller may pass, whatever the types say.
    const make = (): unknown => Reflect.construct(ServerBackupLock, ["/locks", value]);
    expect(make).toThrow(LockFileNameError);
    expect(make).toThrow(says);
    expect(make).toThrow(
      expect.objectContaining({
        code: "LOCK_NAME_INVALID",
        path: "/locks/.{serverName}-backup.lock",
        message: expect.stringContaining(".{serverName}-backup.lock"),
      }),
    );
  });

  it.each(["a-b", "-", "20260101-120000"])("%j, against its pattern, is told the pattern", (id) => {
    const make = () => new ServerBackupIdLock("/locks", "main", id);
    expect(make).toThrow(`backupId ${JSON.stringify(id)} does not match ^[^-]+$`);
  });

  it("in the second place is named as such", () => {
    expect(() => new ServerBackupIdLock("/locks", "main", "")).toThrow("backupId is empty");
    expect(() => new ServerBackupIdLock("/locks", "main", "a/b")).toThrow('backupId "a/b" holds');
  });

  it.each([".", ".."])("%j is refused only where the whole name would be that", (value) => {
    expect(() => new BareLock("/locks", value)).toThrow(
      `the name would be "${value}", which is a directory`,
    );
    expect(new ServerCronLock("/locks", value).filename).toBe(`/locks/.${value}-cron.lock`);
  });

  it("is refused whole, before anything is on disk", () => {
    const directory = temporaryDirectory();
    expect(() => new ServerBackupLock(directory, "../evil")).toThrow(LockFileNameError);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("a value of a list", () => {
  it.each(["backup", "archive", "restore"] as const)("%s is what it says, and read back", (job) => {
    const lock = new JobLock("/locks", job, "main");
    expect(lock).toMatchObject({ filename: `/locks/${job}-main.lock`, job });
    expect(listed.identify(lock.filename)).toMatchObject({ kind: "JobLock", job, server: "main" });
  });

  it.each(["Backup", "backups", "backup|archive", ""])("%j is none, and told what is", (job) => {
    const make = (): unknown => Reflect.construct(JobLock, ["/locks", job, "main"]);
    expect(make).toThrow(LockFileNameError);
    if (job === "") expect(make).toThrow("job is empty");
    else expect(make).toThrow(`job "${job}" is none of its values: backup, archive, restore`);
    expect(listed.identify(`/locks/${job}-main.lock`)).toBe(null);
  });
});

describe("a whole number", () => {
  it.each([-12, -1, 0, -0, 5, 12])(
    "%d is written in decimal and read back as a number",
    (offset) => {
      const lock = new OffsetLock("/locks", "x", offset);
      expect(lock.filename).toBe(`/locks/x${offset === 0 ? 0 : offset}.offset`);
      const read = numbered.identify(lock.filename);
      expect(read).toMatchObject({
        kind: "OffsetLock",
        mode: "x",
        offset: offset === 0 ? 0 : offset,
      });
    },
  );

  it.each([-13, 13, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])(
    "%d, which is none of its own, is a RangeError",
    (offset) => {
      const make = () => new OffsetLock("/locks", "x", offset);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(
        expect.objectContaining({
          code: "ERR_OUT_OF_RANGE",
          message: `offset of new OffsetLock() is ${offset}: it must be a whole number from -12 to 12`,
        }),
      );
    },
  );

  it.each(["5", 5n, null, undefined, true, [5]])(
    "%s, of another type, is a TypeError",
    (offset) => {
      const make = (): unknown => Reflect.construct(OffsetLock, ["/locks", "x", offset]);
      expect(make).toThrow(TypeError);
      expect(make).toThrow(
        expect.objectContaining({
          code: "ERR_INVALID_ARG_TYPE",
          message: expect.stringContaining(
            "offset of new OffsetLock() must be a whole number from -12 to 12, and is ",
          ),
        }),
      );
    },
  );

  it.each(["x-0.offset", "x00.offset", "x05.offset", "x+5.offset", "x-13.offset", "x5.0.offset"])(
    "is not read from %s",
    (name) => expect(numbered.identify(`/locks/${name}`)).toBe(null),
  );

  it("without bounds is any that is safe", () => {
    const name = (number: number) => new AnyNumberLock("/locks", number).filename;
    expect(name(Number.MAX_SAFE_INTEGER)).toBe("/locks/any9007199254740991");
    expect(name(Number.MIN_SAFE_INTEGER)).toBe("/locks/any-9007199254740991");
    expect(() => name(Number.MAX_SAFE_INTEGER + 1)).toThrow("it must be a whole number");
  });
});

describe("values by name", () => {
  it("are those of the file and of the object, in any order", () => {
    const lock = new BackupIdLock("/locks", { backup: "1T2", server: "main" });
    expect(lock).toMatchObject({ filename: "/locks/main-1T2.lock", backup: "1T2", server: "main" });
    expect(named.identify("/locks/main-1T2.lock")).toMatchObject({
      kind: "BackupIdLock",
      server: "main",
      backup: "1T2",
    });
  });

  it.each([["main"], [undefined], [null], [["main", "1T2"]], [7]])("are not %j", (values) => {
    const make = (): unknown => Reflect.construct(BackupIdLock, ["/locks", values]);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_ARG_TYPE",
        message: expect.stringContaining("the values of new BackupIdLock() must be an object"),
      }),
    );
  });

  it("are told by their names if one is missing", () => {
    const make = (): unknown => Reflect.construct(BackupIdLock, ["/locks", { server: "main" }]);
    expect(make).toThrow("backup must be a string, and is undefined");
  });
});

describe("a class that was written by hand", () => {
  class HandmadeLock extends LockFile {
    static file(template: string | null, values: Readonly<Record<string, string>>): string {
      const kind = { name: "HandmadeLock", TEMPLATE: template, PARAMETERS: {} };
      return HandmadeLock.locate.call(kind as typeof HandmadeLock, "/locks", values);
    }

    static values(pattern: RegExp | null, name: string): Readonly<Record<string, string>> | null {
      const kind = { LOCK_PATTERN: pattern };
      return Reflect.apply(HandmadeLock.read, kind, [`/locks/${name}`, ["id"]]);
    }
  }

  it("has no file without a template", () => {
    expect(() => HandmadeLock.file(null, {})).toThrow(
      expect.objectContaining({
        code: "LOCK_NAME_INVALID",
        message: expect.stringContaining(
          'HandmadeLock: the name would be "", which is a directory',
        ),
      }),
    );
  });

  it("has no file without a value for each parameter of its template", () => {
    expect(HandmadeLock.file("{id}.lock", { id: "a" })).toBe("/locks/a.lock");
    expect(() => HandmadeLock.file("{id}.lock", {})).toThrow("HandmadeLock: id is missing");
  });

  it("does not take a name for its own that lacks a value, nor any without a pattern", () => {
    expect(HandmadeLock.values(/^(?<id>\d*)\.lock$/u, "7.lock")).toMatchObject({ id: "7" });
    expect(HandmadeLock.values(/^(?<id>\d+)?\.lock$/u, ".lock")).toBeNull();
    expect(HandmadeLock.values(/^\d+\.lock$/u, "7.lock")).toBeNull();
    expect(HandmadeLock.values(null, "7.lock")).toBeNull();
  });
});
