import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { temporaryLock } from "../support/directory.js";

type Call = (lock: LockFile, argument: never) => unknown;

const CONSTRUCTOR: Call = (_lock, path) => new LockFile(path);
const OPTIONS: Call = (lock, options) => new LockFile(lock.filename, options);
const ACQUIRE: Call = (lock, options) => lock.acquire(options);
const SYNC: Call = (lock, options) => lock.acquireSync(options);
const WITH: Call = (lock, options) => lock.withLock(() => {}, options);

const TYPE = "ERR_INVALID_ARG_TYPE";
const VALUE = "ERR_INVALID_ARG_VALUE";
const RANGE = "ERR_OUT_OF_RANGE";

/** Each with the code, and the whole message but for what a class is called. */
const WRONG: readonly (readonly [
  what: string,
  call: Call,
  argument: unknown,
  code: string,
  says: string,
])[] = [
  [
    "undefined",
    CONSTRUCTOR,
    undefined,
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is undefined",
  ],
  [
    "null",
    CONSTRUCTOR,
    null,
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is null",
  ],
  [
    "a Buffer",
    CONSTRUCTOR,
    Buffer.from("/x"),
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is an object of class Buffer",
  ],
  [
    "a number",
    CONSTRUCTOR,
    3,
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is the number 3",
  ],
  [
    "an array",
    CONSTRUCTOR,
    ["/x"],
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is an object of class Array",
  ],
  [
    "an object without a class",
    CONSTRUCTOR,
    Object.create(null),
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is an object of class null",
  ],
  [
    "a URL of the web",
    CONSTRUCTOR,
    new URL("https://example.org/x"),
    TYPE,
    "the filename of new LockFile() must be a path or a file: URL, and is an object of class URL",
  ],
  [
    "a file: URL of another host",
    CONSTRUCTOR,
    new URL("file://host/x"),
    VALUE,
    'the filename of new LockFile() is no file: URL of this machine: "file://host/x"',
  ],
  [
    "a file: URL with an encoded slash",
    CONSTRUCTOR,
    new URL("file:///a%2Fb"),
    VALUE,
    'the filename of new LockFile() is no file: URL of this machine: "file:///a%2Fb"',
  ],
  [
    "an empty text",
    CONSTRUCTOR,
    "",
    VALUE,
    'the filename of new LockFile() is empty: "" is no path',
  ],
  [
    "a text with NUL",
    CONSTRUCTOR,
    "/a\0b",
    VALUE,
    'the filename of new LockFile() holds a NUL character: "/a\\u0000b" is no path',
  ],
  [
    "a number for options",
    ACQUIRE,
    5000,
    TYPE,
    "the options of acquire() must be an object, such as { timeout: 5000 }, and is the number 5000",
  ],
  [
    "null for options",
    ACQUIRE,
    null,
    TYPE,
    "the options of acquire() must be an object, such as { timeout: 5000 }, and is null",
  ],
  [
    "a text for options",
    SYNC,
    "5000",
    TYPE,
    'the options of acquireSync() must be an object, such as { timeout: 5000 }, and is the string "5000"',
  ],
  [
    "true for options",
    WITH,
    true,
    TYPE,
    "the options of withLock() must be an object, such as { timeout: 5000 }, and is the boolean true",
  ],
  [
    "a function for options",
    OPTIONS,
    () => {},
    TYPE,
    "the options of new LockFile() must be an object, such as { timeout: 5000 }, and is a function",
  ],
  [
    "an array for options",
    ACQUIRE,
    [5000],
    TYPE,
    "the options of acquire() must be an object, such as { timeout: 5000 }, and is an object of class Array",
  ],
  [
    "a text for a timeout",
    ACQUIRE,
    { timeout: "50" },
    TYPE,
    'the option timeout of acquire() must be a number of milliseconds, and is the string "50"',
  ],
  [
    "null for a timeout",
    ACQUIRE,
    { timeout: null },
    TYPE,
    "the option timeout of acquire() must be a number of milliseconds, and is null",
  ],
  [
    "a bigint for a timeout",
    SYNC,
    { timeout: 50n },
    TYPE,
    "the option timeout of acquireSync() must be a number of milliseconds, and is the bigint 50",
  ],
  [
    "a timeout below 0",
    OPTIONS,
    { timeout: -1 },
    RANGE,
    "the option timeout of new LockFile() is -1: it must be a number of milliseconds from 0 (a single try) to Infinity",
  ],
  [
    "a timeout that is no number",
    WITH,
    { timeout: Number.NaN },
    RANGE,
    "the option timeout of withLock() is NaN: it must be a number of milliseconds from 0 (a single try) to Infinity",
  ],
  [
    "a text for wait",
    ACQUIRE,
    { wait: "yes" },
    TYPE,
    'the option wait of acquire() must be true or false, and is the string "yes"',
  ],
  [
    "a number for raiseIfFail",
    OPTIONS,
    { raiseIfFail: 0 },
    TYPE,
    "the option raiseIfFail of new LockFile() must be true or false, and is the number 0",
  ],
  [
    "null for updatePid",
    SYNC,
    { updatePid: null },
    TYPE,
    "the option updatePid of acquireSync() must be true or false, and is null",
  ],
  [
    "a controller for a signal",
    ACQUIRE,
    { signal: new AbortController() },
    TYPE,
    "the option signal of acquire() must be an AbortSignal: pass `controller.signal`, not the controller, and is an object of class AbortController",
  ],
  [
    "a text for a signal",
    ACQUIRE,
    { signal: "SIGINT" },
    TYPE,
    'the option signal of acquire() must be an AbortSignal, and is the string "SIGINT"',
  ],
  [
    "nothing for a function",
    (lock, fn) => lock.withLock(fn),
    undefined,
    TYPE,
    "the first argument of withLock() must be a function, and is undefined",
  ],
  [
    "options for a function",
    (lock, fn) => lock.withLock(fn),
    { timeout: 5 },
    TYPE,
    "the first argument of withLock() must be a function, and is an object of class Object",
  ],
  [
    "a Buffer for a directory",
    (_lock, path) => new ServerBackupLock(path, "main"),
    Buffer.from("/x"),
    TYPE,
    "the lockDirectory of new ServerBackupLock() must be a path or a file: URL, and is an object of class Buffer",
  ],
  [
    "an empty directory",
    (_lock, path) => new ServerBackupLock(path, "main"),
    "",
    VALUE,
    'the lockDirectory of new ServerBackupLock() is empty: "" is no path',
  ],
  [
    "undefined for a directory",
    (_lock, path) => barman.scan(path),
    undefined,
    TYPE,
    "the directory of scan() must be a path or a file: URL, and is undefined",
  ],
  [
    "an empty directory to sweep",
    (_lock, path) => barman.sweep(path),
    "",
    VALUE,
    'the directory of sweep() is empty: "" is no path',
  ],
];

describe("an argument that cannot be meant", () => {
  it.each(WRONG)(
    "%s: its name, value and type are told",
    async (_what, call, argument, code, says) => {
      const lock = new LockFile(temporaryLock());
      const outcome = await new Promise((resolve) => resolve(call(lock, argument as never))).then(
        () => "nothing is thrown",
        (error) => error,
      );
      expect(outcome).toMatchObject({
        name: code === RANGE ? "RangeError" : "TypeError",
        code,
        message: says,
      });
      expect(lock.held).toBe(false);
    },
  );
});

it("a file: URL is the path that it names, wherever there is a path", async () => {
  const file = temporaryLock();
  const directory = pathToFileURL(join(file, ".."));
  expect(new LockFile(pathToFileURL(file)).filename).toBe(file);
  // As a program of another realm has it: Jest, vm.
  const foreign = { href: pathToFileURL(file).href, protocol: "file:" } as URL;
  expect(new LockFile(foreign).filename).toBe(file);
  using lock = new ServerBackupLock(join(file, ".."), "a b");
  expect(lock.acquireSync()).toBe(true);
  expect(lock.filename).toBe(join(file, "..", ".a b-backup.lock"));
  expect((await barman.scan(directory)).map(({ state }) => state)).toEqual(["held"]);
  lock.release();
  expect((await barman.sweep(directory)).removed).toHaveLength(1);
});
