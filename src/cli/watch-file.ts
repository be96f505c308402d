import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "./exit.js";
import { exitCodeOf, Signals } from "./signals.js";

/**
 * Does something now, and again whenever a file has become another, until a signal comes. It may be
 * written in place, replaced by another, removed and made anew; the file system's events differ in all
 * these, so it is looked at instead, which costs next to nothing.
 *
 * @param again Says that it is done again.
 * @returns the exit code.
 */
export async function whenChanged(
  path: string,
  act: () => Promise<void>,
  again: () => void,
): Promise<number> {
  using signals = new Signals();
  const pause = () => sleep(PERIOD_MS, undefined, { signal: signals.signal }).catch(() => {});
  while (signals.first === null) {
    // Taken before it is read: what is written meanwhile is a change.
    const seen = fingerprint(path);
    await act();
    while (signals.first === null && fingerprint(path) === seen) await pause();
    await settled(path, pause);
    if (signals.first === null) again();
  }
  return signals.first === "SIGINT" ? EXIT.fine : exitCodeOf(signals.first);
}

/** Editors truncate before they write, and unlink before they rename: waits until that is over. */
async function settled(path: string, pause: () => Promise<void>): Promise<void> {
  let before: string;
  let now = fingerprint(path);
  do {
    await pause();
    before = now;
    now = fingerprint(path);
  } while (now !== before);
}

/** What is different about a file whenever its content may be; empty where there is none. */
function fingerprint(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return "";
  }
}

const PERIOD_MS = 100;
