// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { test } from "vitest";
import { reads, roundTrip } from "../../../../../src/testing.js";
import {
  CommentedLock,
  DottedLock,
  EscapedLock,
  IdeographicLock,
  SlashesLock,
  SpacedLock,
  patterns,
} from "./index.js";

test("DottedLock names dotted {dotted} and reads it back", () => {
  roundTrip(DottedLock, ["a.b-c"], "dotted a.b-c");
  reads(patterns, "dotted a.b-c", {
    DottedLock: ["a.b-c"],
  });
  reads(patterns, "dotted a.b-c~", {});
  reads(patterns, "dotted a.b-c.bak", {
    DottedLock: ["a.b-c.bak"],
  });
  reads(patterns, "dotted a.b-c\n", {});
  reads(patterns, "xdotted a.b-c", {});
  reads(patterns, "otted a.b-c", {});
  reads(patterns, "dotted ", {});
});

test("EscapedLock names escaped={escaped} and reads it back", () => {
  roundTrip(EscapedLock, ["a"], "escaped=a");
  reads(patterns, "escaped=a", {
    EscapedLock: ["a"],
  });
  reads(patterns, "escaped=a~", {});
  reads(patterns, "escaped=a.bak", {});
  reads(patterns, "escaped=a\n", {});
  reads(patterns, "xescaped=a", {});
  reads(patterns, "scaped=a", {});
  reads(patterns, "escaped=", {});
});

test("CommentedLock names commented*{commented} and reads it back", () => {
  roundTrip(CommentedLock, ["a"], "commented*a");
  reads(patterns, "commented*a", {
    CommentedLock: ["a"],
  });
  reads(patterns, "commented*a~", {
    CommentedLock: ["a~"],
  });
  reads(patterns, "commented*a.bak", {
    CommentedLock: ["a.bak"],
  });
  reads(patterns, "commented*a\n", {
    CommentedLock: ["a\n"],
  });
  reads(patterns, "xcommented*a", {});
  reads(patterns, "ommented*a", {});
  reads(patterns, "commented*", {});
});

test("SlashesLock names slashes  {slashes} and reads it back", () => {
  roundTrip(SlashesLock, ["a"], "slashes  a");
  reads(patterns, "slashes  a", {
    SlashesLock: ["a"],
  });
  reads(patterns, "slashes  a~", {
    SlashesLock: ["a~"],
  });
  reads(patterns, "slashes  a.bak", {
    SlashesLock: ["a.bak"],
  });
  reads(patterns, "slashes  a\n", {
    SlashesLock: ["a\n"],
  });
  reads(patterns, "xslashes  a", {});
  reads(patterns, "lashes  a", {});
  reads(patterns, "slashes  ", {});
});

test("SpacedLock names spaced-{spaced} and reads it back", () => {
  roundTrip(SpacedLock, ["a  b"], "spaced-a  b");
  reads(patterns, "spaced-a  b", {
    SpacedLock: ["a  b"],
  });
  reads(patterns, "spaced-a  b~", {});
  reads(patterns, "spaced-a  b.bak", {});
  reads(patterns, "spaced-a  b\n", {});
  reads(patterns, "xspaced-a  b", {});
  reads(patterns, "paced-a  b", {});
  reads(patterns, "spaced-", {});
});

test("IdeographicLock names ideographic-{ideographic} and reads it back", () => {
  roundTrip(IdeographicLock, ["漢字"], "ideographic-漢字");
  reads(patterns, "ideographic-漢字", {
    IdeographicLock: ["漢字"],
  });
  reads(patterns, "ideographic-漢字~", {
    IdeographicLock: ["漢字~"],
  });
  reads(patterns, "ideographic-漢字.bak", {
    IdeographicLock: ["漢字.bak"],
  });
  reads(patterns, "ideographic-漢字\n", {
    IdeographicLock: ["漢字\n"],
  });
  reads(patterns, "xideographic-漢字", {});
  reads(patterns, "deographic-漢字", {});
  reads(patterns, "ideographic-", {});
});
