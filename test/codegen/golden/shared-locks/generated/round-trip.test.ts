// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  DeskLock,
  IndexLock,
  ShelfLock,
  library,
} from "./index.js";

test("ShelfLock names shelf-{shelf}.lock and reads it back", () => {
  roundTrip(ShelfLock, ["history"], "shelf-history.lock");
  reads(library, "shelf-history.lock", {
    ShelfLock: ["history"],
  });
  reads(library, "shelf-history.lock~", {});
  reads(library, "shelf-history.lock.bak", {});
  reads(library, "shelf-history.lock\n", {});
  reads(library, "xshelf-history.lock", {});
  reads(library, "helf-history.lock", {});
  reads(library, "shelf-.lock", {});
});

test("IndexLock names index.lock and reads it back", () => {
  roundTrip(IndexLock, [], "index.lock");
  reads(library, "index.lock", {
    IndexLock: [],
  });
  reads(library, "index.lock~", {});
  reads(library, "index.lock.bak", {});
  reads(library, "index.lock\n", {});
  reads(library, "xindex.lock", {});
  reads(library, "ndex.lock", {});
});

test("DeskLock names desk.lock and reads it back", () => {
  roundTrip(DeskLock, [], "desk.lock");
  reads(library, "desk.lock", {
    DeskLock: [],
  });
  reads(library, "desk.lock~", {});
  reads(library, "desk.lock.bak", {});
  reads(library, "desk.lock\n", {});
  reads(library, "xdesk.lock", {});
  reads(library, "esk.lock", {});
});
