import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barman } from "../../generated/index.js";
import { hasPostgres } from "../postgres/server.js";
import { until, within } from "../support/bounded.js";
import { MAIN } from "../support/cli.js";
import { Peer } from "../support/peer.js";
import { ROOT } from "../support/root.js";
import { measure, type Row } from "./rows.js";
import { canWatchBarman, Site } from "./site.js";

/**
 * The tables of docs/operating.md against what the real Barman does here. A run prints what it saw as such a table: where
 * a newer Barman does otherwise, that is the new column.
 */
const DOCUMENT = readFileSync(join(ROOT, "docs/operating.md"), "utf8");

/** The cells of the document's row, by the column's title. */
function documented(command: string): ReadonlyMap<string, readonly string[]> {
  const lines = DOCUMENT.split("\n").filter((line) => line.startsWith("| "));
  const cells = (line: string): string[] => line.split("|").map((cell) => cell.trim());
  const titles = cells(lines.find((line) => line.includes("| Barman 3.4")) ?? "");
  const row = cells(lines.find((line) => line.startsWith(`| \`${command}\` `)) ?? "");
  return new Map(titles.map((title, at) => [title, (row[at] ?? "").split("<br>").filter(isTold)]));
}

/** A dash is for nothing. */
const isTold = (cell: string): boolean => cell !== "" && cell !== "–";

/** Which kind is held while which other is asked for, as the document has it. */
function documentedPairs(): string[] {
  const [, section = ""] = DOCUMENT.split("### Which locks Barman holds together\n");
  return [...section.matchAll(/^- `(\w+ → \w+)`/gm)].map(([, pair]) => pair ?? "").sort();
}

const pairsOf = (chains: Iterable<string>): string[] => {
  const pairs = [...chains].flatMap((chain) => {
    const kinds = chain.replace(/^in the background: /, "").split(" → ");
    return kinds.slice(1).map((kind, at) => `${kinds[at]} → ${kind}`);
  });
  return [...new Set(pairs)].sort();
};

/** What is left of such pairs when, again and again, those go whose outer kind is the inner one of none. */
function cycleOf(pairs: readonly string[]): readonly string[] {
  const left = pairs.filter((pair) =>
    pairs.some((other) => other.endsWith(` → ${pair.split(" → ")[0]}`)),
  );
  return left.length === pairs.length ? left : cycleOf(left);
}

describe.skipIf(!canWatchBarman || !hasPostgres)("the commands of a real Barman", () => {
  let site: Site;
  let column: string;
  let rows: readonly Row[];
  /** A Barman that is newer than the document is watched, and no failure of ours if it does otherwise. */
  const isDocumented = () => DOCUMENT.includes(`| ${column} |`);
  beforeAll(async () => {
    site = await Site.start();
    column = `Barman ${site.version}`;
    rows = await measure(site);
    const table = rows.map(
      ({ command, seen }) => `| \`${command}\` | ${seen.join("<br>") || "–"} |`,
    );
    const news = isDocumented() ? "" : ", of which docs/operating.md has no column yet";
    console.log(`${column}${news}\n${table.join("\n")}`);
  });
  afterAll(() => site.remove());

  it("take the locks that the document tells, and no others", () => {
    const told = new Map(
      rows.map(({ command }) => [command, documented(command).get(column) ?? []]),
    );
    const untold = rows.flatMap(({ command, seen }) =>
      seen
        .filter((line) => !told.get(command)?.includes(line))
        .map((line) => `${command}: ${line}`),
    );
    expect(rows.length).toBeGreaterThan(20);
    if (!isDocumented()) return;
    expect(untold).toEqual([]);
    // Whether one command is seen to do what only a moment decides is chance; some command is seen to do each thing.
    const seen = new Set(rows.flatMap((row) => row.seen));
    expect([...told.values()].flat().filter((line) => !seen.has(line))).toEqual([]);
  });

  it("hold together what the document tells, in that order, in which there is no cycle", () => {
    const seen = pairsOf(rows.flatMap(({ seen }) => seen));
    const told = documentedPairs();
    if (isDocumented()) expect(told).toEqual(expect.arrayContaining(seen));
    expect(seen.length).toBeGreaterThan(5);
    expect(cycleOf([...told, ...seen])).toEqual([]);
  });

  it("never take GlobalCronLock: what keeps cron out is ServerCronLock", async () => {
    expect(rows.flatMap(({ seen }) => seen).join()).not.toContain("GlobalCronLock");
    const peer = Peer.ours();
    await peer.acquire(["ServerCronLock", site.directory("primary"), "main"]);
    const [, ...seen] = (await site.trace("primary", "cron")).flatMap(({ taken }) => taken);
    expect(seen.map(({ kind }) => kind)).toContain("ServerCronLock");
    expect(seen.filter(({ within: outer }) => outer.length > 0)).toEqual([]);
    await peer.release(["ServerCronLock", site.directory("primary"), "main"]);
  });

  it.each([
    ["receive-wal", "--stop", "main"],
    // Since 3.20.
    ["terminate-process", "main", "receive-wal"],
  ])("%s signals whoever has his PID in the file, a command of ours too", async (...command) => {
    const isThere = rows.some((row) => row.command === command.join(" "));
    if (!isThere) {
      expect(documented(command.join(" ")).get(column)).toEqual(["no such command"]);
      return;
    }
    const directory = site.directory("primary");
    const lock = ["ServerWalReceiveLock", "--directory", directory, "--server-name", "main"];
    const listening = [
      "sh",
      "-c",
      "trap 'echo SIGINT; exit 7' INT; echo ready; while :; do sleep 0.05; done",
    ];
    const run: ChildProcess = spawn(process.execPath, [MAIN, "run", ...lock, "--", ...listening], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    run.stdout?.on("data", (data) => {
      said += data;
    });
    const ended = once(run, "exit");
    try {
      await until("the command runs", () => said.includes("ready"));
      await site.run("primary", ...command);
      expect(await within(20_000, "end of the command", ended)).toEqual([7, null]);
      expect(said).toContain("SIGINT");
    } finally {
      run.kill("SIGKILL");
    }
    expect(barman.identify(join(directory, ".main-receive-wal.lock"))).not.toBeNull();
  });
});
