// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  ArchivesLock,
  DatabaseLock,
  FrontendLock,
  ListsLock,
  PackageLock,
  SlotLock,
  packages,
} from "./index.js";

test("DatabaseLock names lock and reads it back", () => {
  roundTrip(DatabaseLock, [], "lock");
  reads(packages, "/var/lib/packages/lock", {
    DatabaseLock: [],
  });
  reads(packages, "/var/lib/packages/lock~", {});
  reads(packages, "/var/lib/packages/lock.bak", {});
  reads(packages, "/var/lib/packages/lock\n", {});
  reads(packages, "/var/lib/packages/xlock", {});
  reads(packages, "/var/lib/packages/ock", {});
});

test("ArchivesLock names lock and reads it back", () => {
  roundTrip(ArchivesLock, [], "lock");
  reads(packages, "/var/cache/archives/lock", {
    ArchivesLock: [],
  });
  reads(packages, "/var/cache/archives/lock~", {});
  reads(packages, "/var/cache/archives/lock.bak", {});
  reads(packages, "/var/cache/archives/lock\n", {});
  reads(packages, "/var/cache/archives/xlock", {});
  reads(packages, "/var/cache/archives/ock", {});
});

test("ListsLock names lock and reads it back", () => {
  roundTrip(ListsLock, [], "lock");
  reads(packages, "/var/lib/lists/lock", {
    ListsLock: [],
  });
  reads(packages, "/var/lib/lists/lock~", {});
  reads(packages, "/var/lib/lists/lock.bak", {});
  reads(packages, "/var/lib/lists/lock\n", {});
  reads(packages, "/var/lib/lists/xlock", {});
  reads(packages, "/var/lib/lists/ock", {});
});

test("FrontendLock names frontend.lock and reads it back", () => {
  roundTrip(FrontendLock, [], "frontend.lock");
  reads(packages, "frontend.lock", {
    FrontendLock: [],
  });
  reads(packages, "frontend.lock~", {});
  reads(packages, "frontend.lock.bak", {});
  reads(packages, "frontend.lock\n", {});
  reads(packages, "xfrontend.lock", {});
  reads(packages, "rontend.lock", {});
});

test("PackageLock names .{name}.lock and reads it back", () => {
  roundTrip(PackageLock, ["bash"], ".bash.lock");
  roundTrip(PackageLock, ["coreutils"], ".coreutils.lock");
  reads(packages, "/var/lib/packages/.bash.lock", {
    PackageLock: ["bash"],
  });
  reads(packages, "/var/lib/packages/.coreutils.lock", {
    PackageLock: ["coreutils"],
  });
  reads(packages, "/var/lib/packages/.bash.lock~", {});
  reads(packages, "/var/lib/packages/.bash.lock.bak", {});
  reads(packages, "/var/lib/packages/.bash.lock\n", {});
  reads(packages, "/var/lib/packages/x.bash.lock", {});
  reads(packages, "/var/lib/packages/bash.lock", {});
  reads(packages, "/var/lib/packages/..lock", {});
});

test("SlotLock names .{name}@{slot}.lock and reads it back", () => {
  roundTrip(SlotLock, { name: "bash", slot: "1" }, ".bash@1.lock");
  roundTrip(SlotLock, { name: "coreutils", slot: "1" }, ".coreutils@1.lock");
  reads(packages, ".bash@1.lock", {
    SlotLock: ["bash", "1"],
  });
  reads(packages, ".coreutils@1.lock", {
    SlotLock: ["coreutils", "1"],
  });
  reads(packages, "/var/lib/packages/.bash@1.lock", {
    SlotLock: ["bash", "1"],
    PackageLock: ["bash@1"],
  });
  reads(packages, ".bash@1.lock~", {});
  reads(packages, ".bash@1.lock.bak", {});
  reads(packages, ".bash@1.lock\n", {});
  reads(packages, "x.bash@1.lock", {});
  reads(packages, "bash@1.lock", {});
  reads(packages, ".@1.lock", {});
  reads(packages, ".bash@.lock", {});
});
