// SPDX-License-Identifier: Apache-2.0
/* Copyright Example GmbH */
// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  LicensedLock,
  licensed,
} from "./index.js";

test("LicensedLock names licensed.lock and reads it back", () => {
  roundTrip(LicensedLock, [], "licensed.lock");
  reads(licensed, "licensed.lock", {
    LicensedLock: [],
  });
  reads(licensed, "licensed.lock~", {});
  reads(licensed, "licensed.lock.bak", {});
  reads(licensed, "licensed.lock\n", {});
  reads(licensed, "xlicensed.lock", {});
  reads(licensed, "icensed.lock", {});
});
