import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CannotRun, check, generate } from "../../codegen/index.js";
import { writeFiles } from "../support/directory.js";
import { exfat } from "./exfat.js";
import { SPEC } from "./project.js";

/** Skips a test, with the reason, if no file system that ignores case can be mounted here. */
const onExfat = (name: string, body: (cwd: string) => void): void => {
  test(name, ({ skip }) => {
    const place = exfat();
    if ("missing" in place) return skip(`needs ${place.missing}`);
    writeFiles(place.directory, [["locks.yaml", SPEC]]);
    generate({ cwd: place.directory });
    return body(place.directory);
  });
};

const rewrite = (cwd: string, change: (text: string) => string): void => {
  const file = path.join(cwd, "locks.yaml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
};

onExfat("a kind that is renamed only in case has its file under the new name", (cwd) => {
  rewrite(cwd, (text) => text.replace("AlphaLock", "alphaLock"));
  const before = readdirSync(path.join(cwd, "out"));
  expect(before).toContain("AlphaLock.ts");
  generate({ cwd });
  const after = readdirSync(path.join(cwd, "out"));
  expect(after.sort()).toEqual(before.map((name) => name.replace("AlphaLock", "alphaLock")).sort());
  expect(readFileSync(path.join(cwd, "out/alphaLock.ts"), "utf8")).toContain("class alphaLock");
  expect(check({ cwd }).files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
});

onExfat("a checkout with another case is put right", (cwd) => {
  const [from, to] = ["out/AlphaLock.ts", "out/alphalock.ts"].map((name) => path.join(cwd, name));
  renameSync(String(from), `${from}~`);
  renameSync(`${from}~`, String(to));
  expect(
    check({ cwd })
      .files.filter(({ state }) => state !== "fresh")
      .map(({ path: file, state }) => [file, state]),
  ).toEqual([
    ["out/AlphaLock.ts", "missing"],
    ["out/alphalock.ts", "orphaned"],
  ]);
  generate({ cwd });
  expect(readdirSync(path.join(cwd, "out"))).toContain("AlphaLock.ts");
  expect(check({ cwd }).files.map(({ state }) => state)).toEqual(Array(5).fill("fresh"));
});

onExfat("a hand-written file whose name differs in case is not overwritten", (cwd) => {
  rewrite(cwd, (text) => text.replaceAll("AlphaLock", "GammaLock"));
  const mine = path.join(cwd, "out/gammalock.ts");
  writeFileSync(mine, "export {};\n");
  expect(() => generate({ cwd })).toThrow(CannotRun);
  expect(readFileSync(mine, "utf8")).toBe("export {};\n");
});
