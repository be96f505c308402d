import { basename } from "node:path";
import { LockFileException } from "../errors.js";
import type { LockFile } from "../lock-file.js";
import { Line } from "../wait/line.js";
import type { Patience } from "../wait/patience.js";
import type { Server } from "./connect.js";
import { Hold } from "./hold.js";
import { keyOf } from "./key.js";
import { findOwner, type OwningSession } from "./owner.js";
import { answerCalls, callRoll, type Present } from "./roll-call.js";
import { Sessions } from "./sessions.js";
import { type Grant, tryTake, waitToTake } from "./take.js";
import { explainTrouble } from "./trouble.js";

/** The part that one process has in the locks of all hosts: its sessions, its contenders, and what it holds. */
export class Member {
  readonly server: Server;
  readonly #namespace: string;
  readonly #sessions: Sessions;
  /**
   * Two contenders of one process must not ask for one key through the main session, which the server would grant it
   * twice. So each stands in line for the key from before it asks until it has released.
   */
  readonly #keys: Line<bigint> = new Line();
  /** With what leaves the line. */
  readonly #holds = new Map<Hold, () => void>();
  /** Keys that were computed already. */
  readonly #known = new WeakMap<LockFile, bigint>();
  readonly #pending = new Set<Patience>();
  #closed = false;

  /** @param waits How many sessions may wait. */
  constructor(server: Server, namespace: string, waits: number) {
    this.server = server;
    this.#namespace = namespace;
    this.#sessions = new Sessions(server, waits, (session) =>
      answerCalls(session, namespace, this.#holds),
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Takes the lock of a file's name among all hosts.
   *
   * @param waits Whether it waits while the lock is busy, as long as patience allows.
   * @returns null if it is busy, or patience ended.
   */
  async take(file: LockFile, waits: boolean, patience: Patience): Promise<Hold | null> {
    if (this.#closed) throw this.#closedError(file);
    if (this.#holds.size + this.#pending.size >= MOST_LOCKS) {
      throw new RangeError(
        `${file} would be one lock too many: a cluster object holds ${MOST_LOCKS} at most, as the server's lock table is shared by all of its clients`,
      );
    }
    const key = this.#keyOf(file);
    let leave: (() => void) | null = null;
    let hold: Hold | null = null;
    this.#pending.add(patience);
    try {
      leave = await this.#keys.enter(key, patience, waits);
      const grant = leave && (await this.#contend(key, waits, patience));
      if (this.#closed) throw this.#closedError(file);
      hold = grant && new Hold(grant, file, this.server.name);
      if (hold !== null && leave !== null) this.#holds.set(hold, leave);
      return hold;
    } catch (error) {
      throw this.#closed ? this.#closedError(file) : error;
    } finally {
      this.#pending.delete(patience);
      if (hold === null) leave?.();
    }
  }

  /** Releases what {@link take} gave. @throws LockLost if the server does not confirm that it was held until now. */
  async release(hold: Hold): Promise<void> {
    try {
      await hold.release();
    } finally {
      this.#holds.get(hold)?.();
      this.#holds.delete(hold);
      if (hold.grant.waited) this.#sessions.putBack(hold.grant.session);
    }
  }

  /** The session that holds the lock of a file's name; null if none does. */
  async findOwner(file: LockFile): Promise<OwningSession | null> {
    if (this.#closed) throw this.#closedError(file);
    return findOwner(await this.#sessions.main(), this.#keyOf(file));
  }

  /** Since when the owner holds, as it says itself; null if it does not answer. */
  async sinceWhen(file: LockFile): Promise<Date | null> {
    const main = await this.#sessions.main();
    const [present] = await callRoll(main, this.#namespace, this.#keyOf(file), ONE_ANSWER_MS);
    return present?.said?.since ?? null;
  }

  /** All locks of the namespace that are held. */
  async callRoll(): Promise<Present[]> {
    try {
      if (this.#closed) throw new Error(CLOSED);
      return await callRoll(
        await this.#sessions.main(),
        this.#namespace,
        undefined,
        ALL_ANSWERS_MS,
      );
    } catch (error) {
      const { name } = this.server;
      throw explainTrouble({ filename: name, toString: () => "The list of locks" }, name, error);
    }
  }

  /** Ends all sessions: waits fail, and what is held is lost. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const patience of [...this.#pending]) patience.stop();
    this.#sessions.close(new Error(CLOSED));
  }

  async #contend(key: bigint, waits: boolean, patience: Patience): Promise<Grant | null> {
    const grant = await tryTake(this.#sessions, key, patience);
    if (grant !== null || !waits) return grant;
    return waitToTake(this.#sessions, key, patience);
  }

  #keyOf(file: LockFile): bigint {
    const known = this.#known.get(file) ?? keyOf(this.#namespace, basename(file.filename));
    this.#known.set(file, known);
    return known;
  }

  #closedError(file: LockFile): LockFileException {
    return new LockFileException(`${file} cannot be had: ${CLOSED}.`, file.filename);
  }
}

const CLOSED = "the cluster was closed";

/** The lock table of the server is shared by all: about 23,000 locks fill one with the default settings. */
const MOST_LOCKS = 1000;

/** How long (ms) a holder may take to say what it holds. One that is stopped does not. */
const ONE_ANSWER_MS = 500;
const ALL_ANSWERS_MS = 1000;
