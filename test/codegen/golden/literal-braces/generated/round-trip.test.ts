// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  BracedLock,
  EmptyBracesLock,
  braces,
} from "./index.js";

test("BracedLock names {{{key}}}.lock and reads it back", () => {
  roundTrip(BracedLock, ["ab"], "{ab}.lock");
  roundTrip(BracedLock, ["07"], "{07}.lock");
  reads(braces, "{ab}.lock", {
    BracedLock: ["ab"],
  });
  reads(braces, "{07}.lock", {
    BracedLock: ["07"],
  });
  reads(braces, "{ab}.lock~", {});
  reads(braces, "{ab}.lock.bak", {});
  reads(braces, "{ab}.lock\n", {});
  reads(braces, "x{ab}.lock", {});
  reads(braces, "ab}.lock", {});
  reads(braces, "{}.lock", {});
});

test("EmptyBracesLock names {{}}.(lock) and reads it back", () => {
  roundTrip(EmptyBracesLock, [], "{}.(lock)");
  reads(braces, "{}.(lock)", {
    EmptyBracesLock: [],
  });
  reads(braces, "{}.(lock)~", {});
  reads(braces, "{}.(lock).bak", {});
  reads(braces, "{}.(lock)\n", {});
  reads(braces, "x{}.(lock)", {});
  reads(braces, "}.(lock)", {});
});
