import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { cli, MAIN, startCli } from "../support/cli.js";
import { temporaryDirectory, temporaryLock, writeFiles } from "../support/directory.js";
import { canLock } from "../support/foreign.js";

const share = (file: string, ...command: readonly string[]): string[] => [
  ...["run", "--file", file, "--shared", "--", ...command],
];

describe("lock-catalogue run --shared", () => {
  it("holds a lock together with others that share it, each file named by its command", async () => {
    const file = temporaryLock();
    const runs = [1, 2].map(() => startCli(...share(file, "sh", "-c", "echo $$; read end; :")));
    await until("both hold it", () => runs.every(({ out }) => out.endsWith("\n")));
    const pids = runs.map(({ out }) => Number(out));
    await until("both are named", () => {
      const named = [...readFileSync(file, "latin1").matchAll(/(\d+) \d+\n/g)];
      return pids.every((pid) => named.some(([, name]) => Number(name) === pid));
    });
    expect([canLock("-s", file), canLock("-x", file)]).toEqual([true, false]);
    const alone = await cli("run", "--file", file, "--", "true");
    expect(alone.code).toBe(75);
    expect(alone.err).toMatch(/held by PID \d+ \(.*\) and 1 more, which share it/);
    const listed = await cli("who", file);
    for (const pid of pids) expect(listed.out).toContain(String(pid));
    for (const run of runs) run.child.stdin?.end();
    for (const run of runs) expect(await run.end()).toMatchObject({ code: 0 });
    expect(canLock("-x", file)).toBe(true);
    expect(readFileSync(file, "latin1").trim()).toBe("");
  });

  it("goes into another one that shares the lock, and not into one that has it alone, nor the other way round", async () => {
    const file = temporaryLock();
    const again = [process.execPath, MAIN];
    const inner = (...flags: readonly string[]) => [
      ...again,
      "run",
      "--file",
      file,
      ...flags,
      "--",
      "true",
    ];
    expect(await cli(...share(file, ...inner("--shared")))).toMatchObject({ code: 0, err: "" });
    expect((await cli(...share(file, ...inner()))).err).toContain(
      "the run that this one is part of",
    );
    const alone = await cli("run", "--file", file, "--", ...inner("--shared"));
    expect(alone.err).toContain("the run that this one is part of");
  });

  it("is refused for a kind that does not say that it is shared, and works for one that does", async () => {
    const directory = temporaryDirectory();
    const refused = await cli(
      ...["run", "GlobalCronLock", "--directory", directory, "--shared", "--", "true"],
    );
    expect(refused.code).toBe(125);
    expect(refused.err).toContain("a GlobalCronLock cannot be shared");
    writeFiles(directory, [
      [
        "locks.yaml",
        "catalogue: lists\noutput: generated\nlocks:\n  ListLock:\n    template: list.lock\n" +
          "    description: A list.\n    shared: true\n",
      ],
    ]);
    const args = ["--catalogue", join(directory, "locks.yaml"), "--directory", directory];
    expect(await cli("run", "ListLock", ...args, "--shared", "--", "true")).toMatchObject({
      code: 0,
      err: "",
    });
  });
});
