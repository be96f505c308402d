// Generated from locks.yaml by `lock-catalogue generate`.
// Do not edit: change locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "node:test";
import { reads, roundTrip } from "../../../../src/testing.js";
import {
  NodeLock,
  nodes,
} from "./generated/index.js";

void test("NodeLock names {node}.lock and reads it back", () => {
  roundTrip(NodeLock, ["a"], "a.lock");
  reads(nodes, "a.lock", {
    NodeLock: ["a"],
  });
  reads(nodes, "a.lock~", {});
  reads(nodes, "a.lock.bak", {});
  reads(nodes, "a.lock\n", {});
  reads(nodes, "xa.lock", {
    NodeLock: ["xa"],
  });
  reads(nodes, ".lock", {});
});
