// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a server from one sort of job running twice.
 *
 * File: `{job}-{server}.lock`, for example `backup-main.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind JobLock
 */
export class JobLock extends LockFile {
  static override readonly TEMPLATE: string = "{job}-{server}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<job>backup|archive|restore)-(?<server>[a-z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"job" | "server", RegExp>> = {
    job: /^(?:backup|archive|restore)$/u,
    server: /^[a-z]+$/u,
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
  /** What the job does. */
  readonly job: "backup" | "archive" | "restore";
  readonly server: string;

  constructor(
    lockDirectory: string | URL,
    job: "backup" | "archive" | "restore",
    server: string,
    options?: LockFileOptions
  ) {
    super(JobLock.locate(lockDirectory, { job, server }), options);
    this.job = job;
    this.server = server;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): JobLock | null {
    const read = JobLock.read<Pick<JobLock, "job" | "server">>(path, ["job", "server"]);
    return read && new JobLock(read.lockDirectory, read.job, read.server);
  }
}
