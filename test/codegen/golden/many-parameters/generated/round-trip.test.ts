// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  ManyParametersLock,
  TwoParametersLock,
  aCatalogueWhoseNameIsLongEnoughToBreakItsLine,
} from "./index.js";

test("ManyParametersLock names {firstParameter}-{secondParameter}-{third}-{x}-{aParameterWithANameThatIsReallyRatherLong}.lock and reads it back", () => {
  roundTrip(ManyParametersLock, ["a", "a", "0000-00-00", "mu", "A"], "a-a-0000-00-00-mu-A.lock");
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00-mu-A.lock", {
    ManyParametersLock: ["a", "a", "0000-00-00", "mu", "A"],
  });
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00-mu-A.lock~", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00-mu-A.lock.bak", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00-mu-A.lock\n", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "xa-a-0000-00-00-mu-A.lock", {
    ManyParametersLock: ["xa", "a", "0000-00-00", "mu", "A"],
  });
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "-a-0000-00-00-mu-A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a--0000-00-00-mu-A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a--mu-A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00--A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "a-a-0000-00-00-mu-.lock", {});
});

test("TwoParametersLock names two-{third}-{aParameterWithANameThatIsReallyRatherLong}.lock and reads it back", () => {
  roundTrip(TwoParametersLock, ["0000-00-00", "A"], "two-0000-00-00-A.lock");
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two-0000-00-00-A.lock", {
    TwoParametersLock: ["0000-00-00", "A"],
  });
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two-0000-00-00-A.lock~", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two-0000-00-00-A.lock.bak", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two-0000-00-00-A.lock\n", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "xtwo-0000-00-00-A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "wo-0000-00-00-A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two--A.lock", {});
  reads(aCatalogueWhoseNameIsLongEnoughToBreakItsLine, "two-0000-00-00-.lock", {});
});
