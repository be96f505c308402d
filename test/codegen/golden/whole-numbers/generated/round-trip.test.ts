// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  AnyNumberLock,
  OffsetLock,
  PortLock,
  SlotLock,
  numbered,
} from "./index.js";

test("SlotLock names {queue}-{slot}.lock and reads it back", () => {
  roundTrip(SlotLock, ["mail", 0], "mail-0.lock");
  roundTrip(SlotLock, ["mail", 7], "mail-7.lock");
  roundTrip(SlotLock, ["mail", 15], "mail-15.lock");
  reads(numbered, "mail-0.lock", {
    SlotLock: ["mail", 0],
  });
  reads(numbered, "mail-7.lock", {
    SlotLock: ["mail", 7],
  });
  reads(numbered, "mail-15.lock", {
    SlotLock: ["mail", 15],
  });
  reads(numbered, "mail-0.lock~", {});
  reads(numbered, "mail-0.lock.bak", {});
  reads(numbered, "mail-0.lock\n", {});
  reads(numbered, "xmail-0.lock", {
    SlotLock: ["xmail", 0],
  });
  reads(numbered, "ail-0.lock", {
    SlotLock: ["ail", 0],
  });
  reads(numbered, "-0.lock", {});
  reads(numbered, "mail-.lock", {});
  reads(numbered, "mail-00.lock", {});
});

test("PortLock names port:{port} and reads it back", () => {
  roundTrip(PortLock, [1024], "port:1024");
  reads(numbered, "port:1024", {
    PortLock: [1024],
  });
  reads(numbered, "port:1024~", {});
  reads(numbered, "port:1024.bak", {});
  reads(numbered, "port:1024\n", {});
  reads(numbered, "xport:1024", {});
  reads(numbered, "ort:1024", {});
  reads(numbered, "port:", {});
  reads(numbered, "port:01024", {});
});

test("OffsetLock names {mode}{offset}.offset and reads it back", () => {
  roundTrip(OffsetLock, ["x", -12], "x-12.offset");
  roundTrip(OffsetLock, ["y", 0], "y0.offset");
  roundTrip(OffsetLock, ["x", 5], "x5.offset");
  reads(numbered, "x-12.offset", {
    OffsetLock: ["x", -12],
  });
  reads(numbered, "y0.offset", {
    OffsetLock: ["y", 0],
  });
  reads(numbered, "x5.offset", {
    OffsetLock: ["x", 5],
  });
  reads(numbered, "x-12.offset~", {});
  reads(numbered, "x-12.offset.bak", {});
  reads(numbered, "x-12.offset\n", {});
  reads(numbered, "xx-12.offset", {});
  reads(numbered, "-12.offset", {});
  reads(numbered, "x.offset", {});
  reads(numbered, "x0-12.offset", {});
});

test("AnyNumberLock names any{anyNumber}", () => {
  roundTrip(AnyNumberLock, [0], "any0");
  reads(numbered, "any0", {});
  reads(numbered, "any0~", {});
  reads(numbered, "any0.bak", {});
  reads(numbered, "any0\n", {});
  reads(numbered, "xany0", {});
  reads(numbered, "ny0", {});
  reads(numbered, "any", {});
  reads(numbered, "any00", {});
});
