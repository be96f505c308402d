// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  AnyLock,
  EndsLock,
  StartsLock,
  settled,
} from "./index.js";

test("StartsLock names a-{left} and reads it back", () => {
  roundTrip(StartsLock, ["x"], "a-x");
  reads(settled, "a-x", {
    StartsLock: ["x"],
    AnyLock: ["a", "x"],
  });
  reads(settled, "a-b", {
    StartsLock: ["b"],
    EndsLock: ["a"],
    AnyLock: ["a", "b"],
  });
  reads(settled, "a-x~", {});
  reads(settled, "a-x.bak", {});
  reads(settled, "a-x\n", {});
  reads(settled, "xa-x", {
    AnyLock: ["xa", "x"],
  });
  reads(settled, "-x", {});
  reads(settled, "a-", {});
});

test("EndsLock names {right}-b and reads it back", () => {
  roundTrip(EndsLock, ["y"], "y-b");
  reads(settled, "y-b", {
    EndsLock: ["y"],
    AnyLock: ["y", "b"],
  });
  reads(settled, "y-b~", {});
  reads(settled, "y-b.bak", {});
  reads(settled, "y-b\n", {});
  reads(settled, "xy-b", {
    EndsLock: ["xy"],
    AnyLock: ["xy", "b"],
  });
  reads(settled, "-b", {});
});

test("AnyLock names {left}-{right} and reads it back", () => {
  roundTrip(AnyLock, ["x", "y"], "x-y");
  reads(settled, "x-y", {
    AnyLock: ["x", "y"],
  });
  reads(settled, "x-y~", {});
  reads(settled, "x-y.bak", {});
  reads(settled, "x-y\n", {});
  reads(settled, "xx-y", {
    AnyLock: ["xx", "y"],
  });
  reads(settled, "-y", {});
  reads(settled, "x-", {});
});
