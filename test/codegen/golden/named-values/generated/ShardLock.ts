// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a shard of a table.
 *
 * File: `{table}.{job}.{shard}`, for example `users.split.0`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ShardLock
 */
export class ShardLock extends LockFile {
  static override readonly TEMPLATE: string = "{table}.{job}.{shard}";
  static override readonly LOCK_PATTERN: RegExp = /^(?<table>[a-z]+)\.(?<job>split|merge)\.(?<shard>0|[1-9][0-9]{0,2}|10(?:[01][0-9]|2[0-3]))$/u;
  static override readonly PARAMETERS: Readonly<Record<"table" | "job" | "shard", RegExp>> = {
    table: /^[a-z]+$/u,
    job: /^(?:split|merge)$/u,
    shard: /^(?:0|[1-9][0-9]{0,2}|10(?:[01][0-9]|2[0-3]))$/u,
  };
  static override readonly VALUES: Readonly<Record<string, readonly string[] | { readonly min: number; readonly max: number }>> = {
    job: [
      "split",
      "merge",
    ],
    shard: { min: 0, max: 1023 },
  };
  static override readonly NAMED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ShardLock";
  readonly table: string;
  readonly job: "split" | "merge";
  readonly shard: number;

  constructor(
    lockDirectory: string | URL,
    values: Pick<ShardLock, "table" | "job" | "shard">,
    options?: LockFileOptions
  ) {
    super(ShardLock.locate(lockDirectory, values), options);
    this.table = values.table;
    this.job = values.job;
    this.shard = values.shard;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ShardLock | null {
    const read = ShardLock.read<Pick<ShardLock, "table" | "job" | "shard">>(path, [
      "table",
      "job",
      "shard",
    ]);
    return read && new ShardLock(read.lockDirectory, read);
  }
}
