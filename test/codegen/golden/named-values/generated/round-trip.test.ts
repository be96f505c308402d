// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  BackupIdLock,
  GlobalLock,
  PlainLock,
  ShardLock,
  named,
} from "./index.js";

test("GlobalLock names global.lock and reads it back", () => {
  roundTrip(GlobalLock, [], "global.lock");
  reads(named, "global.lock", {
    GlobalLock: [],
  });
  reads(named, "global.lock~", {});
  reads(named, "global.lock.bak", {});
  reads(named, "global.lock\n", {});
  reads(named, "xglobal.lock", {});
  reads(named, "lobal.lock", {});
});

test("BackupIdLock names {server}-{backup}.lock and reads it back", () => {
  roundTrip(BackupIdLock, { server: "main", backup: "20260101T120000" }, "main-20260101T120000.lock");
  reads(named, "main-20260101T120000.lock", {
    BackupIdLock: ["main", "20260101T120000"],
  });
  reads(named, "main-20260101T120000.lock~", {});
  reads(named, "main-20260101T120000.lock.bak", {});
  reads(named, "main-20260101T120000.lock\n", {});
  reads(named, "xmain-20260101T120000.lock", {
    BackupIdLock: ["xmain", "20260101T120000"],
  });
  reads(named, "ain-20260101T120000.lock", {
    BackupIdLock: ["ain", "20260101T120000"],
  });
  reads(named, "-20260101T120000.lock", {});
  reads(named, "main-.lock", {});
});

test("ShardLock names {table}.{job}.{shard} and reads it back", () => {
  roundTrip(ShardLock, { table: "users", job: "split", shard: 0 }, "users.split.0");
  roundTrip(ShardLock, { table: "users", job: "merge", shard: 0 }, "users.merge.0");
  reads(named, "users.split.0", {
    ShardLock: ["users", "split", 0],
  });
  reads(named, "users.merge.0", {
    ShardLock: ["users", "merge", 0],
  });
  reads(named, "users.split.0~", {});
  reads(named, "users.split.0.bak", {});
  reads(named, "users.split.0\n", {});
  reads(named, "xusers.split.0", {
    ShardLock: ["xusers", "split", 0],
  });
  reads(named, "sers.split.0", {
    ShardLock: ["sers", "split", 0],
  });
  reads(named, ".split.0", {});
  reads(named, "users..0", {});
  reads(named, "users.split.", {});
  reads(named, "users.split.00", {});
});

test("PlainLock names plain {server} and reads it back", () => {
  roundTrip(PlainLock, ["main"], "plain main");
  reads(named, "plain main", {
    PlainLock: ["main"],
  });
  reads(named, "plain main~", {});
  reads(named, "plain main.bak", {});
  reads(named, "plain main\n", {});
  reads(named, "xplain main", {});
  reads(named, "lain main", {});
  reads(named, "plain ", {});
});
