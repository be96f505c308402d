// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  BlindLock,
  NewLock,
  fading,
} from "./index.js";
import { OldLock } from "./OldLock.js";
import { OlderLock } from "./OlderLock.js";
import { OldestLock } from "./OldestLock.js";

test("OldLock names old-{user}.lock and reads it back", () => {
  roundTrip(OldLock, ["user"], "old-user.lock");
  reads(fading, "old-user.lock", {
    OldLock: ["user"],
  });
  reads(fading, "old-user.lock~", {});
  reads(fading, "old-user.lock.bak", {});
  reads(fading, "old-user.lock\n", {});
  reads(fading, "xold-user.lock", {});
  reads(fading, "ld-user.lock", {});
  reads(fading, "old-.lock", {});
});

test("OlderLock names older-{user}.lock and reads it back", () => {
  roundTrip(OlderLock, ["user"], "older-user.lock");
  reads(fading, "older-user.lock", {
    OlderLock: ["user"],
  });
  reads(fading, "older-user.lock~", {});
  reads(fading, "older-user.lock.bak", {});
  reads(fading, "older-user.lock\n", {});
  reads(fading, "xolder-user.lock", {});
  reads(fading, "lder-user.lock", {});
  reads(fading, "older-.lock", {});
});

test("OldestLock names oldest-{user}.lock and reads it back", () => {
  roundTrip(OldestLock, ["user"], "oldest-user.lock");
  reads(fading, "oldest-user.lock", {
    OldestLock: ["user"],
  });
  reads(fading, "oldest-user.lock~", {});
  reads(fading, "oldest-user.lock.bak", {});
  reads(fading, "oldest-user.lock\n", {});
  reads(fading, "xoldest-user.lock", {});
  reads(fading, "ldest-user.lock", {});
  reads(fading, "oldest-.lock", {});
});

test("NewLock names new-{user}.lock and reads it back", () => {
  roundTrip(NewLock, ["user"], "new-user.lock");
  reads(fading, "new-user.lock", {
    NewLock: ["user"],
  });
  reads(fading, "new-user.lock~", {});
  reads(fading, "new-user.lock.bak", {});
  reads(fading, "new-user.lock\n", {});
  reads(fading, "xnew-user.lock", {});
  reads(fading, "ew-user.lock", {});
  reads(fading, "new-.lock", {});
});

test("BlindLock names blind-{user}.lock", () => {
  roundTrip(BlindLock, ["user"], "blind-user.lock");
  reads(fading, "blind-user.lock", {});
  reads(fading, "blind-user.lock~", {});
  reads(fading, "blind-user.lock.bak", {});
  reads(fading, "blind-user.lock\n", {});
  reads(fading, "xblind-user.lock", {});
  reads(fading, "lind-user.lock", {});
  reads(fading, "blind-.lock", {});
});
