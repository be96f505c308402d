// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  AwkwardLock,
  DollarLock,
  QuotedLock,
  awkward,
} from "./index.js";

test("AwkwardLock names $&-{thing}.lock and reads it back", () => {
  roundTrip(AwkwardLock, ["a b"], "$&-a b.lock");
  roundTrip(AwkwardLock, ["it's"], "$&-it's.lock");
  roundTrip(AwkwardLock, ['"quoted"'], '$&-"quoted".lock');
  roundTrip(AwkwardLock, ["漢字"], "$&-漢字.lock");
  roundTrip(AwkwardLock, ["😀"], "$&-😀.lock");
  reads(awkward, "$&-a b.lock", {
    AwkwardLock: ["a b"],
  });
  reads(awkward, "$&-it's.lock", {
    AwkwardLock: ["it's"],
  });
  reads(awkward, '$&-"quoted".lock', {
    AwkwardLock: ['"quoted"'],
  });
  reads(awkward, "$&-漢字.lock", {
    AwkwardLock: ["漢字"],
  });
  reads(awkward, "$&-😀.lock", {
    AwkwardLock: ["😀"],
  });
  reads(awkward, "$&-a b.lock~", {});
  reads(awkward, "$&-a b.lock.bak", {});
  reads(awkward, "$&-a b.lock\n", {});
  reads(awkward, "x$&-a b.lock", {});
  reads(awkward, "&-a b.lock", {});
  reads(awkward, "$&-.lock", {});
});

test("QuotedLock names quoted \"'`\\|.lock and reads it back", () => {
  roundTrip(QuotedLock, [], "quoted \"'`\\|.lock");
  reads(awkward, "quoted \"'`\\|.lock", {
    QuotedLock: [],
  });
  reads(awkward, "quoted \"'`\\|.lock~", {});
  reads(awkward, "quoted \"'`\\|.lock.bak", {});
  reads(awkward, "quoted \"'`\\|.lock\n", {});
  reads(awkward, "xquoted \"'`\\|.lock", {});
  reads(awkward, "uoted \"'`\\|.lock", {});
});

test("DollarLock names \u0024{thing}-dollar and reads it back", () => {
  roundTrip(DollarLock, ["a b"], "$a b-dollar");
  roundTrip(DollarLock, ["it's"], "$it's-dollar");
  roundTrip(DollarLock, ['"quoted"'], '$"quoted"-dollar');
  roundTrip(DollarLock, ["漢字"], "$漢字-dollar");
  roundTrip(DollarLock, ["😀"], "$😀-dollar");
  reads(awkward, "$a b-dollar", {
    DollarLock: ["a b"],
  });
  reads(awkward, "$it's-dollar", {
    DollarLock: ["it's"],
  });
  reads(awkward, '$"quoted"-dollar', {
    DollarLock: ['"quoted"'],
  });
  reads(awkward, "$漢字-dollar", {
    DollarLock: ["漢字"],
  });
  reads(awkward, "$😀-dollar", {
    DollarLock: ["😀"],
  });
  reads(awkward, "$a b-dollar~", {});
  reads(awkward, "$a b-dollar.bak", {});
  reads(awkward, "$a b-dollar\n", {});
  reads(awkward, "x$a b-dollar", {});
  reads(awkward, "a b-dollar", {});
  reads(awkward, "$-dollar", {});
});
