import { setTimeout as sleep } from "node:timers/promises";
import { listLockFiles, scan } from "../catalogue/scan.js";
import type { ScanEntry } from "../catalogue/scan-entry.js";
import type { LockFile } from "../lock-file.js";
import { visible } from "../text.js";
import type { AnyCatalogue } from "./catalogue-option.js";
import { EXIT } from "./exit.js";
import { sightingJson, sightingTable } from "./format.js";
import { Screen, surfaceOf } from "./screen.js";
import { exitCodeOf, Signals } from "./signals.js";

/** What is to be listed, and how. */
export interface Listing {
  readonly catalogue: AnyCatalogue;
  readonly directory: string;
  readonly json: boolean;
}

/** Prints what is there now. @returns the exit code. */
export async function printListing(listing: Listing): Promise<number> {
  const seen = await look(listing);
  print(listing.json ? [toJson(listing, seen, 2)] : toTable(listing, seen));
  return EXIT.fine;
}

/**
 * Shows what is there again and again: in place on a terminal; in a pipe whenever it is different.
 *
 * @returns the exit code, once a signal has ended it.
 */
export async function watchListing(listing: Listing): Promise<number> {
  using signals = new Signals();
  using screen = process.stdout.isTTY && !listing.json ? new Screen(process.stdout) : null;
  let last: string | undefined;
  while (signals.first === null) {
    const seen = await look(listing);
    const json = toJson(listing, seen);
    const now = new Date().toLocaleTimeString("sv-SE");
    if (screen !== null)
      screen.show([visible(`${listing.directory}  ${now}`), "", ...toTable(listing, seen)]);
    else if (json !== last) {
      // A blank line between two tables.
      print(
        listing.json ? [json] : [...(last === undefined ? [] : [""]), ...toTable(listing, seen)],
      );
    }
    last = json;
    await sleep(PERIOD_MS, undefined, { signal: signals.signal }).catch(() => {});
  }
  return signals.first === "SIGINT" ? EXIT.fine : exitCodeOf(signals.first);
}

type Seen = readonly ScanEntry<LockFile>[];

async function look({ catalogue, directory }: Listing): Promise<Seen> {
  return scan(await listLockFiles((path) => catalogue.identify(path), directory));
}

function toJson({ catalogue }: Listing, seen: Seen, indent = 0): string {
  return JSON.stringify(
    seen.map((one) => sightingJson(catalogue, one)),
    null,
    indent,
  );
}

function toTable({ catalogue, directory }: Listing, seen: Seen): readonly string[] {
  if (seen.length === 0) return [`No lock files in ${visible(directory)}.`];
  return sightingTable(catalogue, seen, surfaceOf(process.stdout));
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Often enough for a person, and next to nothing for a machine. */
const PERIOD_MS = 1000;
