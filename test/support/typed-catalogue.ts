import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./root.js";

/** A module for `--catalogue`, as a generated one is once it is built, whose parameters have types of their own. */
export const TYPED_CATALOGUE = `
import { Catalogue, LockFile } from ${JSON.stringify(pathToFileURL(join(ROOT, "dist/src/index.js")).href)};
class JobLock extends LockFile {
  static TEMPLATE = "{job}.lock";
  static LOCK_PATTERN = /^(?<job>backup|archive|restore)\\.lock$/u;
  static PARAMETERS = { job: /^(?:backup|archive|restore)$/u };
  static VALUES = { job: ["backup", "archive", "restore"] };
  kind = "JobLock";
  constructor(lockDirectory, job, options) {
    super(JobLock.locate(lockDirectory, { job }), options);
    this.job = job;
  }
  static buildIfMatches(path) {
    const read = JobLock.read(path, ["job"]);
    return read && new JobLock(read.lockDirectory, read.job);
  }
}
class SlotLock extends LockFile {
  static TEMPLATE = "slot{slot}";
  static LOCK_PATTERN = /^slot(?<slot>[0-9]|1[0-5])$/u;
  static PARAMETERS = { slot: /^(?:[0-9]|1[0-5])$/u };
  static VALUES = { slot: { min: 0, max: 15 } };
  kind = "SlotLock";
  constructor(lockDirectory, slot, options) {
    super(SlotLock.locate(lockDirectory, { slot }), options);
    this.slot = slot;
  }
  static buildIfMatches(path) {
    const read = SlotLock.read(path, ["slot"]);
    return read && new SlotLock(read.lockDirectory, read.slot);
  }
}
class PairLock extends LockFile {
  static TEMPLATE = "{first}-{second}";
  static LOCK_PATTERN = /^(?<first>[a-z]+)-(?<second>[a-z]+)$/u;
  static PARAMETERS = { first: /^[a-z]+$/u, second: /^[a-z]+$/u };
  static NAMED = true;
  kind = "PairLock";
  constructor(lockDirectory, values, options) {
    super(PairLock.locate(lockDirectory, values), options);
    this.first = values.first;
    this.second = values.second;
  }
  static buildIfMatches(path) {
    const read = PairLock.read(path, ["first", "second"]);
    return read && new PairLock(read.lockDirectory, read);
  }
}
export const typed = new Catalogue("typed", [JobLock, SlotLock, PairLock]);
`;
