import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "./exit.js";
import { type Ending, Signals } from "./signals.js";

/**
 * Runs `act` now, and again after each change of a file, until a signal comes. The file may be written in
 * place, replaced, or removed and created again. The file system's events differ for each of these, so
 * its status is polled instead, which costs next to nothing.
 *
 * @param again Runs before each further run of `act`.
 * @returns how the command ends.
 */
export async function whenChanged(
  path: string,
  act: () => Promise<void>,
  again: () => void,
): Promise<Ending> {
  using signals = new Signals();
  const pause = () => sleep(PERIOD_MS, undefined, { signal: signals.signal }).catch(() => {});
  while (signals.first === null) {
    // Taken before `act` reads the file: what is written meanwhile counts as a change.
    const seen = fingerprint(path);
    await act();
    while (signals.first === null && fingerprint(path) === seen) await pause();
    await settled(path, pause);
    if (signals.first === null) again();
  }
  return signals.first === "SIGINT" ? EXIT.fine : signals.first;
}

/** Waits until an editor is done: they truncate before they write, and unlink before they rename. */
async function settled(path: string, pause: () => Promise<void>): Promise<void> {
  let before: string;
  let now = fingerprint(path);
  do {
    await pause();
    before = now;
    now = fingerprint(path);
  } while (now !== before);
}

/** Differs whenever the content of a file may have changed; empty if there is no file. */
function fingerprint(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return "";
  }
}

const PERIOD_MS = 100;
