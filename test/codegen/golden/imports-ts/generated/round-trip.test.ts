// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.ts";
import {
  JobLock,
  SlotLock,
  jobs,
} from "./index.ts";
import { OldLock } from "./OldLock.ts";

test("JobLock names {job}.lock and reads it back", () => {
  roundTrip(JobLock, ["backup"], "backup.lock");
  roundTrip(JobLock, ["archive"], "archive.lock");
  roundTrip(JobLock, ["restore"], "restore.lock");
  reads(jobs, "backup.lock", {
    JobLock: ["backup"],
  });
  reads(jobs, "archive.lock", {
    JobLock: ["archive"],
  });
  reads(jobs, "restore.lock", {
    JobLock: ["restore"],
  });
  reads(jobs, "backup.lock~", {});
  reads(jobs, "backup.lock.bak", {});
  reads(jobs, "backup.lock\n", {});
  reads(jobs, "xbackup.lock", {});
  reads(jobs, "ackup.lock", {});
  reads(jobs, ".lock", {});
});

test("OldLock names job and reads it back", () => {
  roundTrip(OldLock, [], "job");
  reads(jobs, "job", {
    OldLock: [],
  });
  reads(jobs, "job~", {});
  reads(jobs, "job.bak", {});
  reads(jobs, "job\n", {});
  reads(jobs, "xjob", {});
  reads(jobs, "ob", {});
});

test("SlotLock names slot{slot}-{job} and reads it back", () => {
  roundTrip(SlotLock, { slot: 0, job: "backup" }, "slot0-backup");
  roundTrip(SlotLock, { slot: 0, job: "archive" }, "slot0-archive");
  roundTrip(SlotLock, { slot: 0, job: "restore" }, "slot0-restore");
  reads(jobs, "slot0-backup", {
    SlotLock: [0, "backup"],
  });
  reads(jobs, "slot0-archive", {
    SlotLock: [0, "archive"],
  });
  reads(jobs, "slot0-restore", {
    SlotLock: [0, "restore"],
  });
  reads(jobs, "slot0-backup~", {});
  reads(jobs, "slot0-backup.bak", {});
  reads(jobs, "slot0-backup\n", {});
  reads(jobs, "xslot0-backup", {});
  reads(jobs, "lot0-backup", {});
  reads(jobs, "slot-backup", {});
  reads(jobs, "slot0-", {});
  reads(jobs, "slot00-backup", {});
});
