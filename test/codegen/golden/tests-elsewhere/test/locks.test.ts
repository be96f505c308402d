// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  JobLock,
  elsewhere,
} from "../generated/index.js";
import { OldLock } from "../generated/OldLock.js";

test("JobLock names {job}.lock and reads it back", () => {
  roundTrip(JobLock, ["job"], "job.lock");
  reads(elsewhere, "job.lock", {
    JobLock: ["job"],
  });
  reads(elsewhere, "job.lock~", {});
  reads(elsewhere, "job.lock.bak", {});
  reads(elsewhere, "job.lock\n", {});
  reads(elsewhere, "xjob.lock", {
    JobLock: ["xjob"],
  });
  reads(elsewhere, "ob.lock", {
    JobLock: ["ob"],
  });
  reads(elsewhere, ".lock", {});
});

test("OldLock names old.lock and reads it back", () => {
  roundTrip(OldLock, [], "old.lock");
  reads(elsewhere, "old.lock", {
    OldLock: [],
    JobLock: ["old"],
  });
  reads(elsewhere, "old.lock~", {});
  reads(elsewhere, "old.lock.bak", {});
  reads(elsewhere, "old.lock\n", {});
  reads(elsewhere, "xold.lock", {
    JobLock: ["xold"],
  });
  reads(elsewhere, "ld.lock", {
    JobLock: ["ld"],
  });
});
