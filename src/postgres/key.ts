import { createHash } from "node:crypto";

/**
 * The advisory lock of a name: 64 bits of SHA-256, in the space of bigint keys. Programs of every version must
 * come to the same key, or they do not exclude each other: it never changes.
 *
 * A collision of two names can only exclude too much, never admit two; among a million names its
 * probability is 3·10⁻⁸.
 *
 * @param name The base name of the lock file, which is its identity; directories may differ between hosts.
 */
export function keyOf(namespace: string, name: string): bigint {
  return createHash("sha256")
    .update(`lock-catalogue\0${namespace}\0${name}`)
    .digest()
    .readBigInt64BE(0);
}

/** A key as an SQL literal. In quotes, as the smallest bigint has no literal of its own. */
export function literalOf(key: bigint): string {
  return `'${key}'::bigint`;
}

/** The condition that a row `l` of pg_locks is the granted lock of this key in this database. */
export function isGranted(key: bigint): string {
  return (
    `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = ${THIS_DATABASE} ` +
    `AND l.classid = ${highOf(key)} AND l.objid = ${lowOf(key)}`
  );
}

/** The OID of the database that a session is connected to. Advisory locks are per database. */
export const THIS_DATABASE: string =
  "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/** The key of a row of pg_locks, whose columns are its unsigned halves. */
export function keyFrom(classid: unknown, objid: unknown): bigint {
  return BigInt.asIntN(64, (BigInt(String(classid)) << 32n) | BigInt(String(objid)));
}

function highOf(key: bigint): bigint {
  return BigInt.asUintN(64, key) >> 32n;
}

function lowOf(key: bigint): bigint {
  return BigInt.asUintN(32, key);
}
