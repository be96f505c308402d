// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in JobLock.d.ts.
import { LockFile } from "../../../../../dist/src/index.js";

/**
 * Protects a job from running twice.
 *
 * File: `{job}.lock`, for example `backup.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Taken before `QueueLock` where a program holds both.
 *
 * @generated from locks.yaml, kind JobLock
 */
export class JobLock extends LockFile {
  static TEMPLATE = "{job}.lock";
  static LOCK_PATTERN = /^(?<job>backup|archive|restore)\.lock$/u;
  static PARAMETERS = {
    job: /^(?:backup|archive|restore)$/u,
  };
  static VALUES = {
    job: [
      "backup",
      "archive",
      "restore",
    ],
  };
  static LOCK_ORDER = {
    catalogue: "shop",
    rank: 0,
    before: [
      "QueueLock",
    ],
    place: "locks.yaml: locks.JobLock.before",
  };
  static DEFAULTS = { raiseIfFail: true, wait: true };

  kind = "JobLock";
  /** What is done. */
  job;

  constructor(
    lockDirectory,
    job,
    options
  ) {
    super(JobLock.locate(lockDirectory, { job }), options);
    this.job = job;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path) {
    const read = JobLock.read(path, ["job"]);
    return read && new JobLock(read.lockDirectory, read.job);
  }
}
