/**
 * Names become class names, property names, file names and regex group names as they stand, so they
 * are held to what is safe in all of these places.
 */

/**
 * What may be a name. ASCII alone, since file systems re-compose other letters and file names must
 * keep their bytes.
 */
export const IDENTIFIER: RegExp = /^[A-Za-z_$][A-Za-z0-9_$]*$/u;

/** Longer names would not fit on one line of generated code. */
export const LONGEST_NAME = 64;

/**
 * Why `name` cannot be the name of anything, as the end of a sentence that begins with the name; or
 * `null`.
 */
function nameFault(name: string): string | null {
  if (name === "") return "is empty: give it a name";
  if (!IDENTIFIER.test(name)) {
    const repaired = camelCase(name);
    const hint = IDENTIFIER.test(repaired) ? `, for example "${repaired}"` : "";
    return `cannot be a name in code: use letters, digits, "_" and "$", no digit first${hint}`;
  }
  if (name.length > LONGEST_NAME) {
    return `is longer than ${LONGEST_NAME} characters: choose a shorter name`;
  }
  if (RESERVED_WORDS.has(name)) return "is a reserved word of TypeScript: choose another name";
  if (GLOBALS.has(name)) return "is a built-in name of TypeScript: choose another name";
  return null;
}

/** Why `name` cannot be a lock kind of the catalogue called `catalogue`; or `null`. */
export function kindNameFault(name: string, catalogue: string): string | null {
  const fault = nameFault(name);
  if (fault !== null) return fault;
  if (CONTEXTUAL_WORDS.has(name)) return "is a word of TypeScript: choose another name";
  if (name === catalogue) return "is the name of the catalogue too: choose another name";
  if (EXPORTED.has(name)) return "is a name that the generated code needs: choose another name";
  if (name.toLowerCase() === "index") {
    return "would be written to the file of the generated index: choose another name";
  }
  return null;
}

/** Why `name` cannot be a parameter; or `null`. */
export function parameterNameFault(name: string): string | null {
  const fault = nameFault(name);
  if (fault !== null) return fault;
  return LOCK_FILE_MEMBERS.has(name) ? "is a member of every lock: choose another name" : null;
}

/** Why `name` cannot be the name of the catalogue; or `null`. */
export function catalogueNameFault(name: string): string | null {
  const fault = nameFault(name);
  if (fault !== null) return fault;
  if (CONTEXTUAL_WORDS.has(name)) return "is a word of TypeScript: choose another name";
  return EXPORTED.has(name) ? "is a name that the generated code needs: choose another name" : null;
}

/**
 * Members of `LockFile` and of `Object.prototype`, and the names that the generated constructor and
 * reader use.
 */
export const LOCK_FILE_MEMBERS: ReadonlySet<string> = new Set([
  ..."acquire acquireSync filename getOwnerPid held inspect isCurrent kind".split(" "),
  ..."release toJSON withLock".split(" "),
  ..."lockDirectory options path read".split(" "),
  ..."constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString".split(" "),
  ..."toString valueOf then __defineGetter__ __defineSetter__ __lookupGetter__".split(" "),
  "__lookupSetter__",
  "__proto__",
]);

/** The errors of the runtime, which the generated index exports for those who catch them. */
export const ERRORS: readonly string[] = [
  ..."LockFileBusy LockFileDeadlock LockFileException LockFileNameError LockFileNativeMissing".split(
    " ",
  ),
  ..."LockFileParsingError LockFilePermissionDenied LockFileTimeout LockFileUnsafe".split(" "),
  ..."LockHeldOtherwise LockLost LockOutOfOrder LockReleased LockServerUnsuitable".split(" "),
];

/** Names that the generated files import or export next to the kinds. */
const EXPORTED: ReadonlySet<string> = new Set([
  ...ERRORS,
  ..."Catalogue Lock LockFile LockFileDefaults LockFileOptions LockOrder reads roundTrip test".split(
    " ",
  ),
]);

const RESERVED_WORDS: ReadonlySet<string> = new Set(
  [
    "arguments await break case catch class const continue debugger default delete do else enum eval export",
    "extends false finally for function if implements import in instanceof interface let new null package",
    "private protected public return static super switch this throw true try typeof undefined using var void",
    "while with yield __proto__ constructor prototype",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Words with a meaning in some places only: a parameter may be called that, a class may not or had
 * better not.
 */
const CONTEXTUAL_WORDS: ReadonlySet<string> = new Set(
  [
    "abstract accessor any as asserts async bigint boolean declare from get global infer intrinsic is keyof",
    "module namespace never number object of out override readonly require satisfies set string symbol type",
    "unique unknown",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Built-in names of the language: as a class or a parameter they would hide what other code means
 * by them.
 */
const GLOBALS: ReadonlySet<string> = new Set(
  [
    "AggregateError Array ArrayBuffer AsyncIterable AsyncIterator Atomics Awaited BigInt BigInt64Array",
    "BigUint64Array Boolean Buffer DataView Date Error EvalError Exclude Extract FinalizationRegistry",
    "Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterable Iterator JSON",
    "Map Math NaN NonNullable Number Object Omit Parameters Partial Pick Promise Proxy RangeError Readonly",
    "Record ReferenceError Reflect RegExp Required ReturnType Set SharedArrayBuffer String Symbol SyntaxError",
    "TypeError URIError URL Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet console",
    "decodeURI decodeURIComponent encodeURI encodeURIComponent escape exports globalThis isFinite isNaN parseFloat",
    "parseInt process unescape",
  ].flatMap((line) => line.split(" ")),
);

function camelCase(name: string): string {
  return name
    .replace(/[^A-Za-z0-9_$]+(.)?/gu, (_, next: string | undefined) => next?.toUpperCase() ?? "")
    .replace(/^[0-9]+/u, "");
}
