// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  OnlyLock,
  plain,
} from "./index.js";

test("OnlyLock names only.lock and reads it back", () => {
  roundTrip(OnlyLock, [], "only.lock");
  reads(plain, "only.lock", {
    OnlyLock: [],
  });
  reads(plain, "only.lock~", {});
  reads(plain, "only.lock.bak", {});
  reads(plain, "only.lock\n", {});
  reads(plain, "xonly.lock", {});
  reads(plain, "nly.lock", {});
});
