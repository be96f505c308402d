import assert from "node:assert/strict";
import { resolve } from "node:path";
import { buildLock } from "./catalogue/catalogue.js";
import type {
  Catalogue,
  LockDirectory,
  LockFile,
  LockFileOptionsWithDirectory,
  LockKind,
} from "./index.js";
import { TEST_DIRECTORY } from "./name.js";

/**
 * What the generated tests call. Needs no test runner: a failed expectation is an `AssertionError`,
 * whose message says which kind and which name it is about. Touches no file.
 */

/** What a parameter of a kind takes. */
type Value = string | number;

/** A class of locks whose constructor takes these values. */
interface Buildable<V extends readonly Value[]> extends LockKind<LockFile> {
  /** Name of the class, which is the `kind` of its locks. */
  readonly name: string;
  /** The lock of this kind with these values, whose file is in this directory. */
  new (lockDirectory: string, ...values: V): LockFile;
}

/** A class of locks whose constructor takes these values in one object. */
interface BuildableByName<V extends Readonly<Record<string, Value>>> extends LockKind<LockFile> {
  /** Name of the class, which is the `kind` of its locks. */
  readonly name: string;
  /** The lock of this kind with these values, whose file is in this directory. */
  new (lockDirectory: string, values: V): LockFile;
}

/** A class of locks whose spec says where they are, and whose constructor takes these values. */
interface BuildableInPlace<V extends readonly Value[]> extends LockKind<LockFile> {
  /** Name of the class, which is the `kind` of its locks. */
  readonly name: string;
  /** Where the files are. */
  readonly DIRECTORY: string | LockDirectory;
  /** The lock of this kind with these values. */
  new (...given: [...V, LockFileOptionsWithDirectory?]): LockFile;
}

/** A class of locks whose spec says where they are, and whose constructor takes these values in one object. */
interface BuildableInPlaceByName<V extends Readonly<Record<string, Value>>>
  extends LockKind<LockFile> {
  /** Name of the class, which is the `kind` of its locks. */
  readonly name: string;
  /** Where the files are. */
  readonly DIRECTORY: string | LockDirectory;
  /** The lock of this kind with these values. */
  new (values: V, options?: LockFileOptionsWithDirectory): LockFile;
}

/**
 * That the lock of a kind with these values has the file `name`, and that the kind reads the same
 * values back from it, if it reads names at all.
 *
 * @param values One for each parameter, in template order; by name, if the kind takes them so.
 * @throws AssertionError where it is otherwise.
 */
export function roundTrip<const V extends readonly Value[]>(
  kind: Buildable<V>,
  values: V,
  name: string,
): void;
/** The same of a kind whose constructor takes the values in one object. */
export function roundTrip<const V extends Readonly<Record<string, Value>>>(
  kind: BuildableByName<V>,
  values: V,
  name: string,
): void;
/** The same of a kind whose spec says where its files are. */
export function roundTrip<const V extends readonly Value[]>(
  kind: BuildableInPlace<V>,
  values: V,
  name: string,
): void;
/** The same of a kind whose spec says where its files are, and whose constructor takes the values in one object. */
export function roundTrip<const V extends Readonly<Record<string, Value>>>(
  kind: BuildableInPlaceByName<V>,
  values: V,
  name: string,
): void;
export function roundTrip(
  kind: LockKind<LockFile>,
  given: readonly Value[] | Readonly<Record<string, Value>>,
  name: string,
): void {
  const { DIRECTORY: place } = kind;
  const directory = typeof place === "string" ? place : TEST_DIRECTORY;
  const path = resolve(directory, name);
  const parameters = Object.keys(kind.PARAMETERS);
  const values: readonly unknown[] = Array.isArray(given)
    ? given
    : parameters.map((parameter) => Reflect.get(given, parameter));
  const byName = parameters.map((parameter, at) => [parameter, values[at]]);
  const lock = buildLock(kind, directory, Object.fromEntries(byName));
  const about = `${kind.name} (${values.map((value) => JSON.stringify(value)).join(", ")})`;
  assert.equal(lock.kind, kind.name, `${about}: \`kind\` is the name of the class`);
  assert.equal(lock.filename, path, `${about} is the file ${JSON.stringify(name)}`);
  assert.deepEqual(valuesOf(lock, kind), values, `${about} has its values as properties`);

  const read = kind.buildIfMatches(path);
  if (kind.LOCK_PATTERN === null) {
    assert.equal(read, null, `${about}: names of this kind are not read back`);
    return;
  }
  assert.ok(read?.kind === kind.name, `${kind.name} reads ${JSON.stringify(name)}`);
  assert.equal(read.filename, path, `${about}: the lock read back has the same file`);
  assert.deepEqual(
    valuesOf(read, kind),
    values,
    `${about}: the lock read back has the same values`,
  );
}

/**
 * Which kinds of a catalogue read a name, and how: the values by kind, in reading order. The first
 * of them owns the name, and is what `identify` answers with; with none it answers `null`.
 *
 * @param name A file name, or an absolute path where a directory decides.
 * @throws AssertionError where it is otherwise.
 */
export function reads(
  catalogue: Catalogue<LockFile>,
  name: string,
  readings: Readonly<Record<string, readonly Value[]>>,
): void {
  const path = resolve(TEST_DIRECTORY, name);
  const found = catalogue.kinds.flatMap((kind) => {
    const lock = kind.buildIfMatches(path);
    return lock === null ? [] : [[lock.kind, valuesOf(lock, kind)] as const];
  });
  const expected = Object.entries(readings);
  const quoted = JSON.stringify(name);
  assert.deepEqual(found, expected, `the kinds that read ${quoted}, and their values`);

  const owner = catalogue.identify(path);
  assert.equal(owner?.kind ?? null, expected[0]?.[0] ?? null, `the kind that owns ${quoted}`);
  if (owner !== null) assert.equal(owner.filename, path, `the file of the lock at ${quoted}`);
}

function valuesOf(lock: LockFile, kind: LockKind<LockFile>): readonly unknown[] {
  return Object.keys(kind.PARAMETERS).map((parameter) => Reflect.get(lock, parameter));
}
