// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "node:test";
import { reads, roundTrip } from "../../../../../dist/src/testing.js";
import {
  JobLock,
  QueueLock,
  ShopLock,
  SlotLock,
  shop,
} from "../generated/index.js";
import { OldLock } from "../generated/OldLock.js";

test("JobLock names {job}.lock and reads it back", () => {
  roundTrip(JobLock, ["backup"], "backup.lock");
  roundTrip(JobLock, ["archive"], "archive.lock");
  roundTrip(JobLock, ["restore"], "restore.lock");
  reads(shop, "backup.lock", {
    JobLock: ["backup"],
  });
  reads(shop, "archive.lock", {
    JobLock: ["archive"],
  });
  reads(shop, "restore.lock", {
    JobLock: ["restore"],
  });
  reads(shop, "backup.lock~", {});
  reads(shop, "backup.lock.bak", {});
  reads(shop, "backup.lock\n", {});
  reads(shop, "xbackup.lock", {});
  reads(shop, "ackup.lock", {});
  reads(shop, ".lock", {});
});

test("OldLock names old.lock", () => {
  roundTrip(OldLock, [], "old.lock");
  reads(shop, "old.lock", {});
  reads(shop, "old.lock~", {});
  reads(shop, "old.lock.bak", {});
  reads(shop, "old.lock\n", {});
  reads(shop, "xold.lock", {});
  reads(shop, "ld.lock", {});
});

test("QueueLock names queue-{queue} and reads it back", () => {
  roundTrip(QueueLock, ["a"], "queue-a");
  reads(shop, "queue-a", {
    QueueLock: ["a"],
  });
  reads(shop, "queue-a~", {
    QueueLock: ["a~"],
  });
  reads(shop, "queue-a.bak", {
    QueueLock: ["a.bak"],
  });
  reads(shop, "queue-a\n", {
    QueueLock: ["a\n"],
  });
  reads(shop, "xqueue-a", {});
  reads(shop, "ueue-a", {});
  reads(shop, "queue-", {});
});

test("ShopLock names queue-all and reads it back", () => {
  roundTrip(ShopLock, [], "queue-all");
  reads(shop, "queue-all", {
    ShopLock: [],
    QueueLock: ["all"],
  });
  reads(shop, "queue-all~", {
    QueueLock: ["all~"],
  });
  reads(shop, "queue-all.bak", {
    QueueLock: ["all.bak"],
  });
  reads(shop, "queue-all\n", {
    QueueLock: ["all\n"],
  });
  reads(shop, "xqueue-all", {});
  reads(shop, "ueue-all", {});
});

test("SlotLock names {queue}-{slot}-{job} and reads it back", () => {
  roundTrip(SlotLock, { queue: "a", slot: 0, job: "backup" }, "a-0-backup");
  roundTrip(SlotLock, { queue: "a", slot: 0, job: "archive" }, "a-0-archive");
  roundTrip(SlotLock, { queue: "a", slot: 0, job: "restore" }, "a-0-restore");
  reads(shop, "a-0-backup", {
    SlotLock: ["a", 0, "backup"],
  });
  reads(shop, "a-0-archive", {
    SlotLock: ["a", 0, "archive"],
  });
  reads(shop, "a-0-restore", {
    SlotLock: ["a", 0, "restore"],
  });
  reads(shop, "a-0-backup~", {});
  reads(shop, "a-0-backup.bak", {});
  reads(shop, "a-0-backup\n", {});
  reads(shop, "xa-0-backup", {
    SlotLock: ["xa", 0, "backup"],
  });
  reads(shop, "-0-backup", {});
  reads(shop, "a--backup", {});
  reads(shop, "a-0-", {});
  reads(shop, "a-00-backup", {});
});
