// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  HookLock,
  HooksLock,
  hooks,
} from "./index.js";

test("HookLock names .{serverName}-hook.lock and reads it back", () => {
  roundTrip(HookLock, ["main"], ".main-hook.lock");
  reads(hooks, ".main-hook.lock", {
    HookLock: ["main"],
  });
  reads(hooks, ".main-hook.lock~", {});
  reads(hooks, ".main-hook.lock.bak", {});
  reads(hooks, ".main-hook.lock\n", {});
  reads(hooks, "x.main-hook.lock", {});
  reads(hooks, "main-hook.lock", {});
  reads(hooks, ".-hook.lock", {});
});

test("HooksLock names hooks.lock and reads it back", () => {
  roundTrip(HooksLock, [], "hooks.lock");
  reads(hooks, "hooks.lock", {
    HooksLock: [],
  });
  reads(hooks, "hooks.lock~", {});
  reads(hooks, "hooks.lock.bak", {});
  reads(hooks, "hooks.lock\n", {});
  reads(hooks, "xhooks.lock", {});
  reads(hooks, "ooks.lock", {});
});
