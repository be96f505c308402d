import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

/** Wrong calls of every command, by the words of each. */
const CALLS = {
  2: [
    ..."nope|--nope|generate none.yaml|generate spec.yaml more|check none.yaml|explain none.yaml".split(
      "|",
    ),
    ..."breaking|breaking --against none.yaml|ls|ls none|ls locks --format x|ls locks --older-than 5z".split(
      "|",
    ),
    ..."ls locks --catalogue nope|ls --cluster|who|who none/x.lock|who Nope --directory locks|path Nope".split(
      "|",
    ),
    ..."path GlobalCronLock|path GlobalCronLock --directory none|init locks|init none/locks.yaml".split(
      "|",
    ),
    "init spec.yaml",
    ..."who ServerBackupLock --directory locks|sweep|sweep none|doctor none|completion|completion x".split(
      "|",
    ),
    "man x",
  ],
  125: [
    ..."run Nope -- true|run GlobalCronLock -- true|run GlobalCronLock --directory none -- true".split(
      "|",
    ),
    ..."run ServerBackupLock --directory locks -- true|run GlobalCronLock --directory locks".split(
      "|",
    ),
    "run GlobalCronLock --directory locks --timeout x -- true",
    "run GlobalCronLock --directory locks + -- true",
  ],
  126: ["run GlobalCronLock --directory locks -- ./locks"],
  127: ["run GlobalCronLock --directory locks -- none-such"],
} as const;

describe("a command that is called wrongly", () => {
  it.each(
    Object.entries(CALLS).flatMap(([code, calls]) =>
      calls.map((call) => [call, Number(code)] as const),
    ),
  )("complains in the name of the program, and does nothing else: %s", async (call, code) => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "locks"));
    writeFileSync(join(cwd, "spec.yaml"), "catalogue: one\n");
    const ended = await cliIn(
      { cwd, env: { LOCK_CATALOGUE_CLUSTER: undefined } },
      ...call.split(" "),
    );
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toMatch(/^lock-catalogue: \S.*[\s\S]*\n$/);
    // No stack of a bug.
    expect(ended.err).not.toMatch(/^ {4}at /m);
  });
});
