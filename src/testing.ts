import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Catalogue, LockFile, LockKind } from "./index.js";

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
export function roundTrip(
  kind: Buildable<readonly Value[]> | BuildableByName<Readonly<Record<string, Value>>>,
  given: readonly Value[] | Readonly<Record<string, Value>>,
  name: string,
): void {
  const path = resolve(DIRECTORY, name);
  const isList = Array.isArray(given);
  const lock: LockFile = Reflect.construct(kind, [DIRECTORY, ...(isList ? given : [given])]);
  const values: readonly unknown[] = isList
    ? given
    : Object.keys(kind.PARAMETERS).map((parameter) => Reflect.get(given, parameter));
  const about = `${kind.name} (${values.map((value) => JSON.stringify(value)).join(", ")})`;
  assert.equal(lock.kind, kind.name, `${about}: \`kind\` is the name of the class`);
  assert.equal(lock.filename, path, `${about} is the file ${JSON.stringify(name)}`);
  assert.deepEqual(valuesOf(lock, kind), values, `${about} has its values as properties`);

  const read = kind.buildIfMatches(path);
  if (kind.LOCK_PATTERN === null) {
    assert.equal(read, null, `${about}: names of this kind are not read back`);
    return;
  }
  assert.ok(read instanceof kind, `${kind.name} reads ${JSON.stringify(name)}`);
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
 * @throws AssertionError where it is otherwise.
 */
export function reads(
  catalogue: Catalogue<LockFile>,
  name: string,
  readings: Readonly<Record<string, readonly Value[]>>,
): void {
  const path = resolve(DIRECTORY, name);
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

/** No such directory needs to exist: building and reading locks touches nothing on disk. */
const DIRECTORY = "/var/lock-catalogue";

function valuesOf(lock: LockFile, kind: LockKind<LockFile>): readonly unknown[] {
  return Object.keys(kind.PARAMETERS).map((parameter) => Reflect.get(lock, parameter));
}
