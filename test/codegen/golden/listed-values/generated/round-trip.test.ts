// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  JobLock,
  OddLock,
  listed,
} from "./index.js";

test("JobLock names {job}-{server}.lock and reads it back", () => {
  roundTrip(JobLock, ["backup", "main"], "backup-main.lock");
  roundTrip(JobLock, ["archive", "main"], "archive-main.lock");
  roundTrip(JobLock, ["restore", "main"], "restore-main.lock");
  reads(listed, "backup-main.lock", {
    JobLock: ["backup", "main"],
  });
  reads(listed, "archive-main.lock", {
    JobLock: ["archive", "main"],
  });
  reads(listed, "restore-main.lock", {
    JobLock: ["restore", "main"],
  });
  reads(listed, "backup-main.lock~", {});
  reads(listed, "backup-main.lock.bak", {});
  reads(listed, "backup-main.lock\n", {});
  reads(listed, "xbackup-main.lock", {});
  reads(listed, "ackup-main.lock", {});
  reads(listed, "-main.lock", {});
  reads(listed, "backup-.lock", {});
});

test("OddLock names odd-{{job}}-{odd}.lock and reads it back", () => {
  roundTrip(OddLock, ["a|b"], "odd-{job}-a|b.lock");
  roundTrip(OddLock, ["{brace}"], "odd-{job}-{brace}.lock");
  reads(listed, "odd-{job}-a|b.lock", {
    OddLock: ["a|b"],
  });
  reads(listed, "odd-{job}-{brace}.lock", {
    OddLock: ["{brace}"],
  });
  reads(listed, "odd-{job}-a|b.lock~", {});
  reads(listed, "odd-{job}-a|b.lock.bak", {});
  reads(listed, "odd-{job}-a|b.lock\n", {});
  reads(listed, "xodd-{job}-a|b.lock", {});
  reads(listed, "dd-{job}-a|b.lock", {});
  reads(listed, "odd-{job}-.lock", {});
});
