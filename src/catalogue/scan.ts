import { setImmediate } from "node:timers/promises";
import { Evidence, type Look } from "../holder/evidence.js";
import { appraise, GRACE_MS, holderOf } from "../holder/find-holder.js";
import { type Glance, glanceAt } from "../holder/inspect.js";
import type { LockFile } from "../lock-file.js";
import { readTakers } from "../system/proc-locks.js";
import { describeProcess, type ProcessInfo } from "../system/process.js";
import { Pace } from "./pace.js";
import type { Holding, SeenFile, Sighting } from "./scan-entry.js";

/**
 * Looks at files and tells which are held, and by whom; the answers are those of `getOwnerPid`. Lets the
 * event loop run in between. The kernel's table of locks, which is as long as there are locks, is read
 * once for all files.
 *
 * @returns a sighting for each file, in order, without those that are not there.
 * @throws LockFileNativeMissing
 */
export async function observe<L extends LockFile>(
  files: readonly SeenFile<L>[],
): Promise<Sighting<L>[]> {
  const pace = new Pace();
  const describe = remembering(describeProcess);
  const sightings = new Map<SeenFile<L>, Sighting<L>>();
  const looks = new Map<SeenFile<L>, Evidence>();
  let open = files;
  for (let giveUp = Number.POSITIVE_INFINITY; open.length > 0; await setImmediate()) {
    const held: [SeenFile<L>, HeldGlance][] = [];
    for (const seen of open) {
      await pace.breathe();
      const glance = glanceAt(seen.path);
      if (glance.state === "held") held.push([seen, glance]);
      else if (glance.state !== "gone") sightings.set(seen, { ...seen, ...glance });
    }
    const takers = readTakers();
    const late = performance.now() > giveUp;
    const unclear: SeenFile<L>[] = [];
    for (const [seen, glance] of held) {
      await pace.breathe();
      const { stamp, file, atPath } = glance;
      const look = appraise(stamp, file, takers(file), atPath);
      const before = looks.get(seen) ?? new Evidence();
      const conclusion = before.conclude(look, late);
      if (conclusion === null) {
        looks.set(seen, before);
        unclear.push(seen);
      } else sightings.set(seen, { ...seen, ...tell(conclusion, glance, describe) });
    }
    // Where the file and the table differ, the holder may have locked and not yet stamped. Look again.
    open = unclear;
    giveUp = Math.min(giveUp, performance.now() + GRACE_MS);
  }
  return files.flatMap((seen) => sightings.get(seen) ?? []);
}

type HeldGlance = Extract<Glance, { state: "held" }>;

function tell(
  look: Look,
  { stamp, written }: HeldGlance,
  describe: (pid: number) => ProcessInfo,
): Holding {
  const pid = holderOf(look);
  if (pid !== null) {
    return { state: "held", holder: describe(pid), since: pid === stamp.pid ? written : null };
  }
  return { state: "held by unknown", taker: look.taker === null ? null : describe(look.taker) };
}

/** One process may hold thousands of locks. */
function remembering<V>(find: (key: number) => V): (key: number) => V {
  const known = new Map<number, V>();
  return (key) => {
    const value = known.get(key) ?? find(key);
    known.set(key, value);
    return value;
  };
}
