import { clearTimer, setTimer } from "../clock.js";
import { connect, type Server } from "./connect.js";
import type { Session } from "./session.js";
import { Unsuitable } from "./trouble.js";

/**
 * The sessions of one cluster. The main one tries, holds what it got at once, and looks. Up to `limit` others wait for
 * one lock each, and then hold it, as a lock cannot move between sessions. All are opened when they are needed.
 */
export class Sessions {
  readonly server: Server;
  readonly #limit: number;
  readonly #onMain: (session: Session) => Promise<void>;
  #main: Promise<Session> | null = null;
  #current: Session | null = null;
  /** Those that are open or being opened. */
  #waiters = 0;
  readonly #idle: { readonly session: Session; readonly timer: NodeJS.Timeout }[] = [];
  readonly #open = new Set<Session>();
  readonly #onFree = new Set<() => void>();
  #closed: Error | null = null;

  /**
   * @param limit How many sessions may wait.
   * @param onMain Prepares a main session before its first use.
   */
  constructor(server: Server, limit: number, onMain: (session: Session) => Promise<void>) {
    this.server = server;
    this.#limit = limit;
    this.#onMain = onMain;
  }

  /** The main session. One that has ended is succeeded by another: it holds nothing of what the former did. */
  main(): Promise<Session> {
    if (this.#main === null) {
      const opening = this.#openMain();
      this.#main = opening;
      const forget = (): void => {
        if (this.#main === opening) this.#main = null;
      };
      opening.then((session) => {
        this.#current = session;
        if (session.ended) forget();
        else session.onEnd(() => this.#forget(session, forget));
      }, forget);
    }
    return this.#main;
  }

  /** The main session if it is there, so that nobody needs to wait for it; null otherwise. */
  get current(): Session | null {
    return this.#current !== null && !this.#current.ended ? this.#current : null;
  }

  /** Whether a session may be had to wait with, now. */
  get hasWaiter(): boolean {
    return this.#idle.length > 0 || this.#waiters < this.#limit;
  }

  /** A session to wait with; ask {@link hasWaiter} first, and {@link putBack} it in the end. */
  async waiter(): Promise<Session> {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      clearTimer(idle.timer);
      return idle.session;
    }
    this.#waiters++;
    let session: Session | undefined;
    try {
      session = await this.#connect();
      return session;
    } finally {
      const freed = (): void => {
        this.#waiters--;
        this.#wake();
      };
      if (session === undefined || session.ended) freed();
      else {
        const ended = session;
        session.onEnd(() => this.#forget(ended, freed));
      }
    }
  }

  /** Gives a session that holds nothing to the next wait, if it is not the main one. */
  putBack(session: Session): void {
    if (session.ended || !this.#open.has(session)) return;
    // A burst of waits must not keep its connections for ever.
    const timer = setTimer(() => session.end(new Error("it was not needed any more")), IDLE_MS);
    this.#idle.push({ session, timer: timer.unref() });
    this.#wake();
  }

  /** Calls a listener when a session to wait with may be had. @returns what takes the listener back. */
  onFree(listener: () => void): () => void {
    this.#onFree.add(listener);
    return () => void this.#onFree.delete(listener);
  }

  /** Ends all sessions. None is opened any more. */
  close(cause: Error): void {
    this.#closed = cause;
    for (const session of [...this.#open]) session.end(cause);
  }

  async #openMain(): Promise<Session> {
    const session = await this.#connect();
    try {
      if (this.server.pooled) await this.#proveOwnSession(session);
      await this.#onMain(session);
      return session;
    } catch (error) {
      session.end(error as Error);
      this.#open.delete(session);
      throw error;
    }
  }

  async #connect(): Promise<Session> {
    if (this.#closed !== null) throw this.#closed;
    const session = await connect(this.server);
    if (this.#closed !== null) {
      session.end(this.#closed);
      throw this.#closed;
    }
    this.#open.add(session);
    return session;
  }

  /**
   * A pooler of transactions gives the session that was just used to whoever asks next: were it ours as well, two
   * clients would hold one lock.
   */
  async #proveOwnSession(session: Session): Promise<void> {
    const other = await connect(this.server);
    const isShared = other.pid === session.pid;
    other.end(new Error("it was opened to compare"));
    if (isShared) {
      throw new Unsuitable(
        "its pooler gave one session to two clients, so it does not pool sessions but transactions or statements",
      );
    }
  }

  #forget(session: Session, then: () => void): void {
    this.#open.delete(session);
    const place = this.#idle.findIndex((idle) => idle.session === session);
    for (const { timer } of place === -1 ? [] : this.#idle.splice(place, 1)) clearTimer(timer);
    then();
  }

  #wake(): void {
    for (const listener of [...this.#onFree]) listener();
  }
}

/** How long (ms) a session to wait with stays open without use. */
const IDLE_MS = 60_000;
