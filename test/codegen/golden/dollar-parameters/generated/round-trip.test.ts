// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "lock-catalogue/testing";
import {
  PaymentLock,
  accounts,
} from "./index.js";

test("PaymentLock names .\u0024{$user}-{price$}.lock and reads it back", () => {
  roundTrip(PaymentLock, ["ada", "12"], ".$ada-12.lock");
  reads(accounts, ".$ada-12.lock", {
    PaymentLock: ["ada", "12"],
  });
  reads(accounts, ".$ada-12.lock~", {});
  reads(accounts, ".$ada-12.lock.bak", {});
  reads(accounts, ".$ada-12.lock\n", {});
  reads(accounts, "x.$ada-12.lock", {});
  reads(accounts, "$ada-12.lock", {});
  reads(accounts, ".$-12.lock", {});
  reads(accounts, ".$ada-.lock", {});
});
