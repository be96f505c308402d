import { nextTurn, performance } from "../clock.js";
import { LockFileNativeMissing, LockFileParsingError, type LockHolder } from "../errors.js";
import { type LockTable, readLockTable, readLockTableSync } from "../system/proc-locks.js";
import { describeProcess, lockersOf, lockOf, type ProcessInfo } from "../system/process.js";
import { sleepSync, type Turn } from "../system/sleep.js";
import { visible } from "../text.js";
import { contender, likelyHolder, provenHolder } from "./evidence.js";
import { type HeldInspection, type Inspection, inspect, inspectSharers } from "./inspect.js";

/** Who holds a lock, as far as the system tells. */
type Finding =
  | Exclude<Inspection, { state: "held" | "free" | "unreadable" }>
  | { readonly state: "free" }
  | {
      readonly state: "held";
      readonly pid: number;
      /** When the holder wrote its PID; null if the PID in the file is not the holder's. */
      readonly since: Date | null;
    }
  | { readonly state: "shared"; readonly pids: readonly number[] }
  | {
      readonly state: "held by unknown";
      /** The process that took the lock, by the kernel's table; it may be gone. */
      readonly lockedBy: number | null;
    }
  | {
      readonly state: "unreadable";
      readonly reason: string;
      readonly error: unknown;
      /** As above. */
      readonly lockedBy: number | null;
    };

/** The same, with the PIDs of those who wait for it in the kernel's queue, in order. */
export type FindingWithQueue = Finding & { readonly waiters: readonly number[] };

/**
 * Who holds the lock of the file at `path`. Looks with a shared lock, so that contenders can tell a look from a
 * holder; changes nothing. Blocks for some µs, or for up to GRACE_MS and a read of the kernel's table if the holder
 * has locked and not yet stamped, or leaves no PID.
 *
 * @returns the PID, or null if nobody has the exclusive lock.
 * @throws LockFileParsingError if it is held, and neither file nor system say by whom.
 */
export function findHolder(path: string): number | null {
  const search = new Search(performance.now());
  for (;;) {
    const seen = inspect(path);
    if (seen.state === "unsafe" || seen.state === "unreadable") throw seen.error;
    if (seen.state !== "held") return null;
    const isLate = search.isLate(performance.now());
    const finding = search.judge(seen, isLate ? readLockTableSync() : undefined);
    if (finding === null) {
      sleepSync(PAUSE_MS);
      continue;
    }
    if (finding.state === "held") return finding.pid;
    if (finding.state === "free") return null;
    throw new LockFileParsingError(
      `${visible(path)} is locked, but its first line is not its holder's PID, so the holder is unknown. ` +
        "`fuser` or `lsof` on the file name the processes that have it open.",
      path,
    );
  }
}

/**
 * The same for one more file among many: the kernel's table is read once for all of them, without stopping the
 * thread, and tells also who shares a lock.
 *
 * @param turn Lets the event loop run between two files.
 * @param readFirst Reads the table; another one is read for files of which it does not tell.
 * @returns by path, what was found.
 */
export async function findHolders(
  paths: readonly string[],
  turn: Turn,
  readFirst: () => Promise<LockTable | null> = readLockTable,
): Promise<ReadonlyMap<string, FindingWithQueue>> {
  const findings = new Map<string, FindingWithQueue>();
  const searches = new Map<string, Search>();
  let read = readFirst;
  for (let open = paths; open.length > 0; read = readLockTable) {
    const table = await read();
    const unclear: string[] = [];
    for (const path of open) {
      while (turn.isLong) await nextTurn();
      const seen = inspect(path, table);
      let finding: Finding | null;
      switch (seen.state) {
        case "free":
          finding = sharing(path, seen, table);
          // Whoever shares it may have come after a table that was read earlier.
          if (finding.state === "free" && read !== readLockTable) finding = null;
          break;
        case "held": {
          const search = searches.get(path) ?? new Search(performance.now());
          searches.set(path, search);
          finding = search.judge(seen, table);
          break;
        }
        case "unreadable":
          finding = { ...seen, lockedBy: table?.exclusiveOf(seen.tableName) ?? null };
          break;
        default:
          finding = seen;
      }
      if (finding === null) unclear.push(path);
      else findings.set(path, { ...finding, waiters: queueOf(seen, table) });
    }
    open = unclear;
  }
  return findings;
}

/** Who waits in the kernel's queue, each once; a helper stands there for the process that has started it. */
function queueOf(seen: Inspection, table: LockTable | null): number[] {
  if (!("tableName" in seen)) return [];
  const pids = (table?.waitersOf(seen.tableName) ?? []).filter((pid) => pid > 0);
  return [...new Set(pids.map(contender))];
}

/** Who is in the way of a contender: the holder, or the first of those who share the lock. */
type Obstacle = LockHolder & {
  /** How many are known to share the lock with it; null if it holds the lock alone. */
  readonly sharers: number | null;
};

/** What a look for who is in the way found. */
export type Glimpse = Obstacle | "nobody" | "unknown";

/** Who is in the way now: one look and no waiting, and never an error of its own. */
export function lookForHolder(path: string): Glimpse {
  return new Moment().look(path);
}

/**
 * The same for a wait that has ended, beside others that end with it: one look is enough for all for the same lock.
 *
 * @param since When (ms, monotonic) it began: a look from before it tells of another holder.
 */
export function lookForHolderTogether(path: string, since: number): Glimpse {
  return Moment.now().lookSince(path, since);
}

/**
 * A few ms in which the system is asked once for what many looks need. Of a thousand waits that end at once, each would
 * read the kernel's table (some ms) and the command line of the holder.
 */
class Moment {
  static #last = new Moment();

  static now(): Moment {
    if (performance.now() >= Moment.#last.#end) Moment.#last = new Moment();
    return Moment.#last;
  }

  /** When (ms, monotonic) it is over: the first look, which may ask the most, begins it. */
  #end = Number.POSITIVE_INFINITY;
  readonly #seen = new Map<string, { readonly glimpse: Glimpse; readonly at: number }>();
  #table: LockTable | null | undefined;
  readonly #processes = new Map<number, ProcessInfo>();

  lookSince(path: string, since: number): Glimpse {
    const seen = this.#seen.get(path);
    if (seen !== undefined && seen.at >= since) return seen.glimpse;
    const at = performance.now();
    const glimpse = this.look(path);
    this.#seen.set(path, { glimpse, at });
    this.#end = Math.min(this.#end, performance.now() + MOMENT_MS);
    return glimpse;
  }

  look(path: string): Glimpse {
    try {
      const seen = inspect(path);
      if (seen.state !== "held") {
        const [pid, ...others] = seen.state === "free" ? inspectSharers(path) : [];
        if (pid === undefined) return "nobody";
        return { ...this.#describe(pid), since: null, sharers: others.length };
      }
      const pid = provenHolder(seen) ?? this.#judge(seen);
      if (pid === null) return "unknown";
      const since = seen.stamp.pid === pid ? seen.written : null;
      return { ...this.#describe(pid), since, sharers: null };
    } catch (error) {
      if (error instanceof LockFileNativeMissing) throw error;
      return "unknown";
    }
  }

  #judge(seen: HeldInspection): number | null {
    if (this.#table === undefined) this.#table = readLockTableSync();
    return provenHolder(seen, this.#table) ?? likelyHolder(seen, this.#table);
  }

  #describe(pid: number): ProcessInfo {
    const known = this.#processes.get(pid) ?? describeProcess(pid);
    this.#processes.set(pid, known);
    return known;
  }
}

/**
 * What {@link lookForHolder} gives, for a message.
 *
 * @param withCommand Whether its command line may be told: passwords may stand in it, and messages end up in logs.
 */
export function nameHolder(holder: Glimpse, withCommand = false): string {
  if (holder === "nobody") return "nobody any more, or by processes that only share it";
  if (holder === "unknown") return "a process that has not left its PID";
  const { pid, command, sharers } = holder;
  const line = withCommand && command !== null ? ` (${shorten(command)})` : "";
  const name = pid === process.pid ? "this very process" : `PID ${pid}${line}`;
  if (sharers === null) return name;
  return sharers === 0 ? `${name}, which shares it` : `${name} and ${sharers} more, which share it`;
}

/** Looks at one held lock, one after the other, until they tell who holds it. */
class Search {
  readonly #start: number;
  #first: HeldInspection | null = null;
  /** How often the holder has become another. */
  #changes = 0;
  /** Since when (ms, monotonic) the system has told nothing of the hold that was seen first. */
  #unknownSince: number | null = null;
  /** When (ms, monotonic) the system was asked last. */
  #asked = 0;

  /** @param start ms, monotonic. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Whether a holder has had the time to stamp, so that the kernel is to be asked. */
  isLate(now: number): boolean {
    return now - this.#start >= GRACE_MS;
  }

  /** @returns null if it takes another look. */
  judge(look: HeldInspection, table: LockTable | null | undefined): Finding | null {
    const pid = provenHolder(look, table);
    if (pid !== null) return this.#held(look, pid);
    const now = performance.now();
    if (table === undefined || !this.isLate(now)) {
      this.#first ??= look;
      return null;
    }
    // Unknown is who stays, and not one after the other: in between the lock was free.
    const first = this.#first ?? look;
    this.#first = look;
    if (!isSameHold(first, look)) {
      this.#unknownSince = null;
      if (++this.#changes < MOST_CHANGES) return null;
    }
    const likely = likelyHolder(look, table);
    if (likely !== null) return this.#held(look, likely);
    if (this.#changes === MOST_CHANGES) return { state: "free" };
    // The system was asked after the look, when a holder that had lost its processor may have released. So a hold is
    // unknown only if it is seen still, by a later tick of the clock of files.
    const before = this.#asked;
    this.#asked = performance.now();
    this.#unknownSince ??= this.#asked;
    if (before - this.#unknownSince < UNKNOWN_MS) return null;
    return { state: "held by unknown", lockedBy: table?.exclusiveOf(look.tableName) ?? null };
  }

  #held({ stamp, written }: HeldInspection, pid: number): Finding {
    return { state: "held", pid, since: stamp.pid === pid ? written : null };
  }
}

/** A look is over in microseconds: who still shares the lock when asked holds it. */
function sharing(
  path: string,
  { file, tableName }: Extract<Inspection, { state: "free" }>,
  table: LockTable | null,
): Finding {
  const listed = table?.sharersOf(tableName) ?? [];
  if (listed.length === 0) return { state: "free" };
  const known = listed.filter((pid) => {
    const lock = pid > 0 ? lockOf(pid, file) : "none";
    return lock === "shared" || lock === null;
  });
  const pids = new Set([...known.map(contender), ...inspectSharers(path)]);
  // Who took the lock for another process, as a helper does, is gone, and that one is not in the table.
  if (known.length < listed.length) {
    for (const { pid, lock } of lockersOf(file)) if (lock === "shared") pids.add(contender(pid));
  }
  return pids.size === 0 ? { state: "free" } : { state: "shared", pids: [...pids] };
}

function isSameHold(a: HeldInspection, b: HeldInspection): boolean {
  return a.written.getTime() === b.written.getTime() && a.stamp.pid === b.stamp.pid;
}

/** Control characters would garble a log, and a long command line would bury the rest. */
function shorten(command: string): string {
  const line = command.replace(/\p{Cc}+/gu, " ");
  return visible(line.length > 120 ? `${line.slice(0, 119)}…` : line);
}

/** How long (ms) a holder may take from its lock to its stamp before the stamp is taken for what it is. */
const GRACE_MS = 5;

/** How long (ms) a hold is unknown before that is said: more than a tick of the clock of files, 10 ms at most. */
const UNKNOWN_MS = 11;

const PAUSE_MS = 0.2;

/** How old (ms) what a message tells of a lock may be. */
const MOMENT_MS = 5;

const MOST_CHANGES = 10;
