// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "@jest/globals";
import { reads, roundTrip } from "../../../../../dist/src/testing.js";
import {
  ManyLock,
  modules,
} from "../generated/index.mjs";

test("ManyLock names {a}-{b}-{c}.lock and reads it back", () => {
  roundTrip(ManyLock, ["a", "a", "0"], "a-a-0.lock");
  reads(modules, "a-a-0.lock", {
    ManyLock: ["a", "a", "0"],
  });
  reads(modules, "a-a-0.lock~", {});
  reads(modules, "a-a-0.lock.bak", {});
  reads(modules, "a-a-0.lock\n", {});
  reads(modules, "xa-a-0.lock", {
    ManyLock: ["xa", "a", "0"],
  });
  reads(modules, "-a-0.lock", {});
  reads(modules, "a--0.lock", {});
  reads(modules, "a-a-.lock", {});
});
