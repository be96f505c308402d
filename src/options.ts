import { fileURLToPath } from "node:url";
import { newContender } from "./channels.js";
import type { Circle, LockHolder } from "./errors.js";
import { quotedValue, wholeNumber } from "./text.js";

/** How a lock is held: by one alone, or by any number that share it and keep out who wants it alone. */
export type LockMode = "exclusive" | "shared";

/** What a lock does unless an acquire says otherwise. */
export interface LockFileOptions {
  /** Whether a failed acquire throws (the default), or is `false` if someone else has the lock. */
  readonly raiseIfFail?: boolean | undefined;
  /** Whether acquire waits for a busy lock; the default depends on the kind. */
  readonly wait?: boolean | undefined;
  /** Whether our PID is written into the file while the lock is held. Default true. */
  readonly updatePid?: boolean | undefined;
  /**
   * How the lock is held. Any number of holders share it (`shared`, as `flock -s` does), and keep out who wants it alone
   * (`exclusive`, the default). A kind can be shared if its spec says so; the base class always can.
   */
  readonly mode?: LockMode | undefined;
  /**
   * How long to wait, in ms; 0 is a single try, `Infinity` no limit. To give a timeout is to ask for
   * waiting, unless the same options say `wait: false`.
   */
  readonly timeout?: number | undefined;
}

/** A kind's own answers, for what neither the constructor nor the acquire says. */
export interface LockFileDefaults {
  /** Whether a failed acquire throws, or is `false` if someone else has the lock. */
  readonly raiseIfFail: boolean;
  /** Whether acquire waits for a busy lock. */
  readonly wait: boolean;
  /** Whether the holder's PID is written into the file (`pid`, the default) or nothing is (`none`). */
  readonly stamp?: "pid" | "none";
}

/** The same, of a kind whose spec says where its files are. */
export interface LockFileOptionsWithDirectory extends LockFileOptions {
  /** The lock directory, instead of the one that the spec says. */
  readonly directory?: string | URL | undefined;
}

/** Where the files of a kind are, unless the environment says otherwise. */
export interface LockDirectory {
  /** The absolute path of the directory if the variable is not set. */
  readonly default: string;
  /** Name of the environment variable that holds another one. It is read whenever a lock is constructed. */
  readonly env: string;
}

/** What the lock files of a kind get when they are created, whatever the umask of who creates them. */
export interface LockFileRights {
  /** Who may read and write them, as chmod(2) takes it: `0o660`. */
  readonly mode: number;
  /** Name or number of their group; without it, as the directory and the user who creates them have it. */
  readonly group?: string | number | undefined;
}

/** What a file gets that nothing is declared for. */
export const OWNER_ONLY: LockFileRights = { mode: 0o600 };

/** What one synchronous acquire does; what is given here wins over the constructor. */
export interface AcquireSyncOptions extends LockFileOptions {}

/** Whom an acquire waits for, when it was looked at last. */
export interface Waiting {
  /** The process that holds the lock, or one of those that share it; null if the system does not tell. */
  readonly holder: Omit<LockHolder, "since"> | null;
  /** When the holder wrote its PID into the file; null if the PID in the file is not its own. */
  readonly since: Date | null;
  /** How many are known to wait before this acquire: processes in the kernel's queue, and acquires of this thread. */
  readonly ahead: number;
  /** The processes that wait for each other, this one among them; null if no such circle was seen. */
  readonly circle: Circle | null;
}

/** What one acquire does; what is given here wins over the constructor. */
export interface AcquireOptions extends AcquireSyncOptions {
  /** Ends the wait; the acquire then rejects with `signal.reason`, also with `raiseIfFail: false`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called while the acquire waits: some ms after it has begun to, and within a second after another process holds
   * the lock or the place in the queue has changed. Not called by an acquire that does not wait, and not after the wait.
   * What it throws is an uncaught exception, as from a timer; the wait goes on. It may release the lock, or acquire.
   */
  readonly onWait?: ((waiting: Waiting) => void) | undefined;
}

/** What one acquire does, with every question answered. */
export interface Terms {
  /** What the messages of the channels know this acquire by. */
  readonly id: number;
  /** Name of the kind. */
  readonly kind: string;
  readonly raiseIfFail: boolean;
  readonly mode: LockMode;
  readonly updatePid: boolean;
  /** In ms; 0 for a single try. */
  readonly timeout: number;
  /**
   * Whether a garbled first line is overwritten, as Barman does. The base class, which may be pointed at any
   * file, writes only over the digits and spaces of a stamp.
   */
  readonly overwritesLine: boolean;
  /** What the file gets if this acquire creates it; `null` for mode 0600. */
  readonly rights: LockFileRights | null;
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Is told who holds the lock during the wait. */
  readonly onWait: ((waiting: Waiting) => void) | undefined;
}

/**
 * Settles what an acquire does: what it was given, else the constructor's options, else the kind's defaults.
 *
 * @param method Whose argument `options` is, for the message.
 * @throws TypeError, RangeError for an option that cannot be meant.
 */
export function resolveOptions(
  method: string,
  options: AcquireOptions,
  own: LockFileOptions,
  kind: string,
  type: LockKind,
): Terms {
  const given = checkOptions(method, options);
  const { DEFAULTS, TEMPLATE, FILE = null } = type;
  const wait = waitOf(given) ?? waitOf(own) ?? DEFAULTS.wait;
  return {
    id: newContender(),
    kind,
    mode: checkMode(method, given.mode ?? own.mode, type),
    raiseIfFail: given.raiseIfFail ?? own.raiseIfFail ?? DEFAULTS.raiseIfFail,
    updatePid: given.updatePid ?? own.updatePid ?? DEFAULTS.stamp !== "none",
    timeout: wait ? (given.timeout ?? own.timeout ?? Number.POSITIVE_INFINITY) : 0,
    overwritesLine: TEMPLATE !== null,
    rights: FILE,
    signal: given.signal,
    onWait: given.onWait,
  };
}

/** What a kind says of all its locks. */
interface LockKind {
  readonly name: string;
  readonly DEFAULTS: LockFileDefaults;
  readonly TEMPLATE: string | null;
  readonly SHARED: boolean;
  readonly FILE?: LockFileRights | null;
}

/** @throws TypeError for a mode that the kind has not. */
export function checkMode(
  method: string,
  mode: LockMode = "exclusive",
  { name, TEMPLATE, SHARED }: LockKind,
): LockMode {
  if (mode === "exclusive" || SHARED || TEMPLATE === null) return mode;
  throw withCode(
    new TypeError(
      `the option mode of ${method} is "shared", and a ${name} is exclusive: who holds it counts on being alone. ` +
        "If some may hold it together, say `shared: true` of the kind in its spec.",
    ),
    "ERR_INVALID_ARG_VALUE",
  );
}

function waitOf({ wait, timeout }: LockFileOptions): boolean | undefined {
  return wait ?? (timeout === undefined ? undefined : true);
}

/**
 * Checks the options of a constructor or a method.
 *
 * @returns what was checked, each read once: of an object of a class, a getter may be asked, and others may change it later.
 * @throws TypeError (ERR_INVALID_ARG_TYPE), RangeError (ERR_OUT_OF_RANGE).
 */
export function checkOptions(method: string, options: unknown): AcquireOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw wrongType(`the options of ${method}`, "an object, such as { timeout: 5000 }", options);
  }
  const { raiseIfFail, wait, updatePid, mode, timeout, signal, onWait } = options as Readonly<
    Record<string, unknown>
  >;
  for (const [name, value] of Object.entries({ raiseIfFail, wait, updatePid })) {
    if (value !== undefined && typeof value !== "boolean") {
      throw wrongType(`the option ${name} of ${method}`, "true or false", value);
    }
  }
  if (mode !== undefined && mode !== "exclusive" && mode !== "shared") {
    throw wrongType(`the option mode of ${method}`, '"exclusive" or "shared"', mode);
  }
  if (timeout !== undefined && typeof timeout !== "number") {
    throw wrongType(`the option timeout of ${method}`, "a number of milliseconds", timeout);
  }
  if (timeout !== undefined && !(timeout >= 0)) {
    throw withCode(
      new RangeError(
        `the option timeout of ${method} is ${timeout}: it must be a number of milliseconds ` +
          "from 0 (a single try) to Infinity",
      ),
      "ERR_OUT_OF_RANGE",
    );
  }
  if (signal !== undefined && !isSignal(signal)) {
    const hint = isController(signal) ? ": pass `controller.signal`, not the controller" : "";
    throw wrongType(`the option signal of ${method}`, `an AbortSignal${hint}`, signal);
  }
  if (onWait !== undefined && typeof onWait !== "function") {
    throw wrongType(`the option onWait of ${method}`, "a function", onWait);
  }
  return { raiseIfFail, wait, updatePid, mode, timeout, signal, onWait } as AcquireOptions;
}

/** @throws TypeError if it is no function. */
export function checkFunction(method: string, fn: unknown, which = "first"): void {
  if (typeof fn !== "function")
    throw wrongType(`the ${which} argument of ${method}`, "a function", fn);
}

/** @throws TypeError if it is no array of locks. */
export function checkList(method: string, locks: unknown): void {
  if (!Array.isArray(locks))
    throw wrongType(`the first argument of ${method}`, "an array of locks", locks);
  for (const [at, lock] of locks.entries()) {
    if (typeof lock !== "object" || lock === null || !("filename" in lock || "file" in lock)) {
      throw wrongType(`element ${at} of the first argument of ${method}`, "a lock", lock);
    }
  }
}

/**
 * A path as text, from what people pass for one: a string or a `file:` URL.
 *
 * @throws TypeError for anything else, and for what no path can hold.
 */
export function checkPath(argument: string, path: unknown): string {
  const text = isFileUrl(path) ? pathOf(argument, path) : path;
  if (typeof text !== "string") throw wrongType(argument, "a path or a file: URL", path);
  const reason =
    text === "" ? "is empty" : text.includes("\0") ? "holds a NUL character" : undefined;
  if (reason === undefined) return text;
  throw withCode(
    new TypeError(`${argument} ${reason}: ${quotedValue(text)} is no path`),
    "ERR_INVALID_ARG_VALUE",
  );
}

/**
 * The lock directory that an environment variable names.
 *
 * @throws TypeError if it is empty or relative: it was set by mistake, and another program would lock elsewhere.
 */
export function checkVariable(variable: string, value: string): string {
  if (value.startsWith("/")) return value;
  const fault = value === "" ? "empty" : `the relative path ${quotedValue(value)}`;
  throw withCode(
    new TypeError(
      `the environment variable ${variable} is ${fault}: set it to the absolute path of the lock directory, or unset it`,
    ),
    "ERR_INVALID_ARG_VALUE",
  );
}

/** @throws TypeError if the values of a lock are not in an object, by name. */
export function checkValues(method: string, values: unknown): void {
  if (typeof values === "object" && values !== null && !Array.isArray(values)) return;
  throw wrongType(`the values of ${method}`, 'an object, such as { name: "value" }', values);
}

/** The whole numbers that a parameter of type integer takes, both ends included. */
export interface IntegerRange {
  /** The smallest. */
  readonly min: number;
  /** The greatest. */
  readonly max: number;
}

/**
 * A whole number as text in decimal, as a file name holds it.
 *
 * @throws TypeError if it is no number, RangeError if it is none of the range.
 */
export function checkInteger(argument: string, value: unknown, range: IntegerRange): string {
  if (typeof value !== "number") throw wrongType(argument, wholeNumber(range), value);
  // -0 is written, and read back, as 0.
  if (Number.isSafeInteger(value) && value >= range.min && value <= range.max) return String(value);
  throw withCode(
    new RangeError(`${argument} is ${value}: it must be ${wholeNumber(range)}`),
    "ERR_OUT_OF_RANGE",
  );
}

function pathOf(argument: string, { href }: URL): string {
  try {
    return fileURLToPath(href);
  } catch (cause) {
    const error = new TypeError(
      `${argument} is no file: URL of this machine: ${quotedValue(href)}`,
      { cause },
    );
    throw withCode(error, "ERR_INVALID_ARG_VALUE");
  }
}

/** By its shape: in Jest, a URL may be one of another realm. */
function isFileUrl(value: unknown): value is URL {
  return (
    typeof value === "object" &&
    value !== null &&
    "href" in value &&
    "protocol" in value &&
    value.protocol === "file:"
  );
}

function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value
  );
}

function isController(value: unknown): boolean {
  return typeof value === "object" && value !== null && "signal" in value && "abort" in value;
}

function wrongType(what: string, expected: string, value: unknown): TypeError {
  return withCode(
    new TypeError(`${what} must be ${expected}, and is ${describeValue(value)}`),
    "ERR_INVALID_ARG_TYPE",
  );
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "null"}`;
  return typeof value === "function" ? "a function" : `the ${typeof value} ${quotedValue(value)}`;
}

function withCode<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}
