import { existsSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

const SPEC = `catalogue: sample
output: out
locks:
  AlphaLock:
    template: alpha.lock
    description: Protects alpha.
`;

/** A running `generate --watch` in a project of its own, after its first turn. */
async function watching() {
  const directory = temporaryDirectory();
  const spec = join(directory, "locks.yaml");
  writeFileSync(spec, SPEC);
  const running = startCli("generate", "--watch", spec);
  await running.says("4 created, 0 updated, 0 deleted, 0 unchanged.\n");
  /** Waits for what the next turn says, on both streams. */
  const next = async (out: string) => {
    await running.says(`${spec} changed:\n${out}`);
    running.out = "";
  };
  running.out = "";
  const file = join(directory, "out", "AlphaLock.ts");
  return { running, directory, spec, next, text: () => readFileSync(file, "utf8") };
}

/** The ways in which programs save a file. */
const SAVES: readonly (readonly [how: string, save: (file: string, text: string) => void])[] = [
  ["writes it in place", (file, text) => writeFileSync(file, text)],
  [
    "renames another over it",
    (file, text) => {
      writeFileSync(`${file}~`, text);
      renameSync(`${file}~`, file);
    },
  ],
  [
    "moves it away and makes it anew",
    (file, text) => {
      renameSync(file, `${file}.bak`);
      writeFileSync(file, text);
    },
  ],
  [
    "unlinks it and makes it anew",
    (file, text) => {
      unlinkSync(file);
      writeFileSync(file, text);
    },
  ],
];

describe("lock-catalogue generate --watch", () => {
  it.each(SAVES)("generates again each time when an editor %s", async (_, save) => {
    const { running, spec, next, text } = await watching();
    for (const what of ["one", "another", "a third"]) {
      save(spec, SPEC.replace("Protects alpha", `Protects ${what}`));
      await next("updated ");
      expect(text()).toContain(`Protects ${what}.`);
    }
    running.child.kill("SIGINT");
    expect(await running.end()).toMatchObject({ code: 0, err: "" });
  });

  it("shows what is wrong with the spec, writes nothing then, and goes on", async () => {
    const { running, spec, next, text } = await watching();
    const before = text();
    writeFileSync(spec, SPEC.replace("template", "tmplate"));
    await next("");
    await until("told", () => running.err.includes("has 2 problems.\n"));
    expect(running.err).toContain('unknown key "tmplate" (did you mean "template"?)');
    expect(text()).toBe(before);
    writeFileSync(spec, SPEC.replace("Protects alpha", "Protects beta"));
    await next("updated ");
    expect(text()).toContain("Protects beta.");
    running.child.kill("SIGINT");
    expect(await running.end()).toMatchObject({ code: 0 });
  });

  it("goes on when the spec goes away with its directory, and comes back", async () => {
    const { running, directory, spec, next } = await watching();
    const elsewhere = `${directory}.away`;
    renameSync(directory, elsewhere);
    await next("");
    const problem = `cannot read the spec ${spec}: there is no such file`;
    await until("told", () => running.err.includes(problem));
    renameSync(elsewhere, directory);
    await next("0 created, 0 updated, 0 deleted, 4 unchanged.\n");
    rmSync(join(directory, "out"), { recursive: true });
    writeFileSync(spec, SPEC);
    await next("created ");
    expect(existsSync(join(directory, "out", "index.ts"))).toBe(true);
    running.child.kill("SIGTERM");
    // By the signal, as service managers expect of a program that they end.
    await running.end();
    expect(running.child.signalCode).toBe("SIGTERM");
  });
});
