// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  ClusterStateLock,
  QueueLock,
  states,
} from "./index.js";

test("ClusterStateLock names {node}.conf and reads it back", () => {
  roundTrip(ClusterStateLock, ["alpha"], "alpha.conf");
  reads(states, "alpha.conf", {
    ClusterStateLock: ["alpha"],
  });
  reads(states, "alpha.conf~", {});
  reads(states, "alpha.conf.bak", {});
  reads(states, "alpha.conf\n", {});
  reads(states, "xalpha.conf", {
    ClusterStateLock: ["xalpha"],
  });
  reads(states, "lpha.conf", {
    ClusterStateLock: ["lpha"],
  });
  reads(states, ".conf", {});
});

test("QueueLock names queue.lock and reads it back", () => {
  roundTrip(QueueLock, [], "queue.lock");
  reads(states, "queue.lock", {
    QueueLock: [],
  });
  reads(states, "queue.lock~", {});
  reads(states, "queue.lock.bak", {});
  reads(states, "queue.lock\n", {});
  reads(states, "xqueue.lock", {});
  reads(states, "ueue.lock", {});
});
