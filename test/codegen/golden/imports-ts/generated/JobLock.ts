// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.ts";

/**
 * Protects a job from running twice.
 *
 * File: `{job}.lock`, for example `backup.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind JobLock
 */
export class JobLock extends LockFile {
  static override readonly TEMPLATE: string = "{job}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<job>backup|archive|restore)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"job", RegExp>> = {
    job: /^(?:backup|archive|restore)$/u,
  };
  static override readonly VALUES: Readonly<Record<string, readonly string[]>> = {
    job: [
      "backup",
      "archive",
      "restore",
    ],
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "JobLock";
  readonly job: "backup" | "archive" | "restore";

  constructor(
    lockDirectory: string | URL,
    job: "backup" | "archive" | "restore",
    options?: LockFileOptions
  ) {
    super(JobLock.locate(lockDirectory, { job }), options);
    this.job = job;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): JobLock | null {
    const read = JobLock.read<Pick<JobLock, "job">>(path, ["job"]);
    return read && new JobLock(read.lockDirectory, read.job);
  }
}
