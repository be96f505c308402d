// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  NumberLock,
  OwnerLock,
  ServerLock,
  StatusLock,
  shared,
} from "./index.js";

test("ServerLock names .{server}.lock and reads it back", () => {
  roundTrip(ServerLock, ["main"], ".main.lock");
  reads(shared, ".main.lock", {
    ServerLock: ["main"],
  });
  reads(shared, ".main.lock~", {});
  reads(shared, ".main.lock.bak", {});
  reads(shared, ".main.lock\n", {});
  reads(shared, "x.main.lock", {});
  reads(shared, "main.lock", {});
  reads(shared, "..lock", {});
});

test("StatusLock names status.lock and reads it back", () => {
  roundTrip(StatusLock, [], "status.lock");
  reads(shared, "status.lock", {
    StatusLock: [],
  });
  reads(shared, "status.lock~", {});
  reads(shared, "status.lock.bak", {});
  reads(shared, "status.lock\n", {});
  reads(shared, "xstatus.lock", {});
  reads(shared, "tatus.lock", {});
});

test("OwnerLock names owner.lock and reads it back", () => {
  roundTrip(OwnerLock, [], "owner.lock");
  reads(shared, "owner.lock", {
    OwnerLock: [],
  });
  reads(shared, "owner.lock~", {});
  reads(shared, "owner.lock.bak", {});
  reads(shared, "owner.lock\n", {});
  reads(shared, "xowner.lock", {});
  reads(shared, "wner.lock", {});
});

test("NumberLock names number.lock and reads it back", () => {
  roundTrip(NumberLock, [], "number.lock");
  reads(shared, "/run/numbers/number.lock", {
    NumberLock: [],
  });
  reads(shared, "/run/numbers/number.lock~", {});
  reads(shared, "/run/numbers/number.lock.bak", {});
  reads(shared, "/run/numbers/number.lock\n", {});
  reads(shared, "/run/numbers/xnumber.lock", {});
  reads(shared, "/run/numbers/umber.lock", {});
});
