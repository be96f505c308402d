import type { Catalogue, LockKind } from "../catalogue/catalogue.js";
import type { LockFile } from "../lock-file.js";
import { ClusterLock } from "./cluster-lock.js";
import { readUrl } from "./connect.js";
import { Member } from "./member.js";
import type { Present } from "./roll-call.js";

/** How a cluster is used. */
export interface ClusterOptions {
  /**
   * Keeps names apart that stand for different things, such as those of two Barmans which use one database. Default
   * empty. All programs that are to exclude each other must say the same.
   */
  readonly namespace?: string | undefined;
  /**
   * How many sessions wait for locks, at most: each of them waits for one lock, in the server's queue, and holds it
   * then. Waits beyond that try again from time to time, through the session that all share. Default 4.
   */
  readonly waits?: number | undefined;
  /**
   * How long (ms, from 16,000) the server lets a session live from which it hears nothing. Off by default, as the
   * network tells of a client that is gone; for a proxy in between that does not. A process that is stopped for
   * longer loses its locks.
   */
  readonly expiry?: number | undefined;
  /** Says that the connection pooler in between gives each client a session of its own for as long as it is there. */
  readonly pooler?: "session" | undefined;
}

/** A lock that somebody holds, as {@link Cluster.scan} tells. */
export interface ClusterSighting<L extends LockFile> {
  /** The base name of its file; null if the holder did not say it within a second, as one that is stopped. */
  readonly name: string | null;
  /** Name of the kind; null if the name is not known, or no kind of the catalogue reads it. */
  readonly kind: L["kind"] | null;
  /** The values in the name; null if the kind is. */
  readonly parameters: Readonly<Record<string, string>> | null;
  /** The name of the holder's host, as it calls itself. */
  readonly host: string;
  /** The PID of the holder, on its host. */
  readonly pid: number;
  /** Since when it is held, by the clock of the holder's host; null if the holder did not say so. */
  readonly since: Date | null;
  /** The fencing token of the hold; null if nobody asked for it yet, or the holder did not say it. */
  readonly token: bigint | null;
}

/** The locks of many hosts, at one PostgreSQL database. */
export class Cluster {
  readonly #member: Member;
  /** One lock for one object, so that two do not share the hold of a file. */
  readonly #locks = new WeakMap<LockFile, ClusterLock<LockFile>>();

  /** For the package's own use: {@link cluster} makes these. */
  constructor(member: Member) {
    this.#member = member;
  }

  /** The lock of a file, on this host and on all others; the same object for the same `file`. Takes nothing yet. */
  lock<L extends LockFile>(file: L): ClusterLock<L> {
    const known = this.#locks.get(file) ?? new ClusterLock(file, this.#member);
    this.#locks.set(file, known);
    return known as ClusterLock<L>;
  }

  /**
   * All locks of the namespace that are held on any host, sorted by name, those without a name last. The server knows
   * which are held and by whom; what they are called, their holders say, for which it waits up to a second. By the
   * time you use it, the state may have changed.
   *
   * @param catalogue Reads the names.
   * @throws the driver's error if the server cannot be reached; LockServerUnsuitable.
   */
  async scan<L extends LockFile>(catalogue: Catalogue<L>): Promise<ClusterSighting<L>[]> {
    const present = await this.#member.callRoll();
    return present
      .flatMap((each) => sightingOf(catalogue, each) ?? [])
      .sort(({ name: a }, { name: b }) =>
        a === b ? 0 : a === null || (b !== null && a > b) ? 1 : -1,
      );
  }

  /**
   * Ends all sessions at once, and does not wait for what is under way: acquires that wait fail, and locks that are
   * held are lost, which their signals say. A cluster that is closed stays so.
   */
  close(): Promise<void> {
    this.#member.close();
    return Promise.resolve();
  }

  /** Closes, at the end of an `await using` block; waits for nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * The locks of many hosts, at one PostgreSQL database: any, as it needs no tables and no rights, but the same for all
 * programs, and one without tables of its own if it can be had. Connects at the first acquire.
 *
 * @param url Such as `postgresql://user@host:5432/database`; `undefined`, as an environment variable may be, is an error.
 * @throws TypeError if the URL cannot be read; RangeError for options that are out of range.
 */
export function cluster(url: string | undefined, options: ClusterOptions = {}): Cluster {
  const { namespace = "", waits = 4, expiry = 0, pooler } = options;
  if (!Number.isInteger(waits) || waits < 0 || waits > 100) {
    throw new RangeError(`waits is ${waits}: it must be a number of sessions from 0 to 100`);
  }
  if (expiry !== 0 && !(Number.isInteger(expiry) && expiry >= 16_000 && expiry < 2 ** 31)) {
    throw new RangeError(
      `expiry is ${expiry}: it must be a number of milliseconds from 16000, so that a holder hears of its loss before others can take the lock`,
    );
  }
  if (pooler !== undefined && pooler !== "session") {
    throw new RangeError(
      `pooler is ${JSON.stringify(pooler)}: it can only be "session", as other poolers grant a lock to two clients at once`,
    );
  }
  const server = { ...readUrl(url), expiry, pooled: pooler === "session" };
  return new Cluster(new Member(server, namespace, waits));
}

/** On all hosts the name alone counts, wherever its file is. */
function lockOf<L extends LockFile>(catalogue: Catalogue<L>, name: string): L | null {
  const fixed = catalogue.kinds.flatMap(({ DIRECTORY }) =>
    typeof DIRECTORY === "string" ? `${DIRECTORY}/${name}` : [],
  );
  for (const path of [name, ...fixed]) {
    const lock = catalogue.identify(path);
    if (lock !== null) return lock;
  }
  return null;
}

function sightingOf<L extends LockFile>(
  catalogue: Catalogue<L>,
  { owner, said }: Present,
): ClusterSighting<L> | null {
  if (owner.process === null) return null;
  const lock = said === null ? null : lockOf(catalogue, said.name);
  const kind = catalogue.kinds.find(({ name }) => name === lock?.kind);
  return {
    name: said?.name ?? null,
    kind: lock?.kind ?? null,
    parameters: lock && kind ? parametersOf(lock, kind) : null,
    ...owner.process,
    since: said?.since ?? null,
    token: said?.token ?? null,
  };
}

function parametersOf<L extends LockFile>(
  lock: L,
  { PARAMETERS }: LockKind<L>,
): Readonly<Record<string, string>> {
  const values = Object.keys(PARAMETERS).map((name) => [name, String(Reflect.get(lock, name))]);
  return Object.fromEntries(values);
}
