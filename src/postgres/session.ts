import type { Socket } from "node:net";
import { clearTimer, performance, setTimer, soon } from "../clock.js";
import type { Client, Notification, Result, Row } from "./driver.js";

/** Something that ends with its session: a hold. */
export interface Dependent {
  /** Its session has ended. Must not throw. */
  lose(cause: Error): void;
}

interface Statement {
  readonly text: string;
  /** How long (ms) the server may take to answer. */
  readonly patience: number;
  /** Whether it keeps the process alive, as somebody waits for the answer. */
  readonly awaited: boolean;
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A session at the server, with its own connection. One statement runs at a time, the others stand in line. A session
 * that holds a lock asks every BEAT_MS whether the server is still there; one that gives no answer for ANSWER_MS is
 * lost, and everything it holds with it. It is never connected anew, as a new session would not hold the locks.
 */
export class Session {
  /** The PID of its process at the server. */
  readonly pid: number;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #always: boolean;
  readonly #dependents = new Set<Dependent>();
  readonly #waiting: Statement[] = [];
  #active: Statement | null = null;
  /** When (ms, monotonic) the active statement was sent. */
  #sent = 0;
  #awaited = 0;
  #beats: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #end: Error | null = null;
  #onEnd: (() => void) | null = null;

  /**
   * Takes over a connection that is established.
   *
   * @param alwaysBeats Whether it beats also while it holds nothing, as the server ends it otherwise.
   */
  constructor(client: Client, socket: Socket, pid: number, alwaysBeats: boolean) {
    this.pid = pid;
    this.#client = client;
    this.#socket = socket;
    this.#always = alwaysBeats;
    client.on("error", (error) => this.end(error));
    client.on("end", () => this.end(new Error("the server closed the connection")));
    socket.unref();
    this.#pace();
  }

  /** Whether it has ended: lost, or closed by us. */
  get ended(): boolean {
    return this.#end !== null;
  }

  /** Calls a listener when the session ends. There is one, of the pool. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** Calls a listener for every NOTIFY that comes. @returns what takes the listener back. */
  onNotification(listener: (message: Notification) => void): () => void {
    this.#client.on("notification", listener);
    return () => void this.#client.off("notification", listener);
  }

  /** From now on the session holds something: it beats, and says if it ends. */
  add(dependent: Dependent): void {
    if (this.#end !== null) dependent.lose(this.#end);
    else this.#dependents.add(dependent);
    this.#pace();
  }

  /** The session does not hold it any more. */
  remove(dependent: Dependent): void {
    this.#dependents.delete(dependent);
  }

  /**
   * Runs a statement, or several in one message.
   *
   * @param patience How long (ms) the server may take. A server that takes longer is taken for silent, and the
   *   session ends.
   * @returns the rows of the last one.
   */
  run(text: string, patience: number = ANSWER_MS): Promise<Row[]> {
    return this.#enqueue(text, patience, true);
  }

  /** Ends the session at once, without a word to the server, which may be silent. What it holds is lost. */
  end(cause: Error): void {
    if (this.#end !== null) return;
    this.#end = cause;
    clearTimer(this.#beats);
    clearTimer(this.#watch);
    this.#socket.destroy();
    const statements = this.#active === null ? [] : [this.#active];
    this.#active = null;
    for (const { reject } of [...statements, ...this.#waiting.splice(0)]) reject(cause);
    for (const dependent of this.#dependents) dependent.lose(cause);
    this.#dependents.clear();
    this.#onEnd?.();
  }

  #enqueue(text: string, patience: number, awaited: boolean): Promise<Row[]> {
    const end = this.#end;
    if (end !== null) return Promise.reject(end);
    return new Promise((resolve, reject) => {
      const statement: Statement = { text, patience, awaited, resolve, reject };
      if (awaited && this.#awaited++ === 0) this.#socket.ref();
      if (this.#active === null) this.#send(statement);
      else this.#waiting.push(statement);
    });
  }

  #send(statement: Statement): void {
    this.#active = statement;
    this.#sent = performance.now();
    this.#watch ??= setTimer(this.#look, statement.patience).unref();
    this.#client.query(statement.text, (error, result) => {
      if (this.#active !== statement) return; // It was given up.
      this.#active = null;
      if (statement.awaited && --this.#awaited === 0) this.#socket.unref();
      if (error) statement.reject(error);
      else statement.resolve(rowsOf(result));
      const next = this.#waiting.shift();
      if (next !== undefined) this.#send(next);
    });
  }

  /** One timer watches over all statements: most are answered long before it fires, and cost none. */
  readonly #look = (): void => {
    this.#watch = undefined;
    const statement = this.#active;
    if (statement === null) return;
    const left = this.#sent + statement.patience - performance.now();
    if (left > 0) {
      this.#watch = setTimer(this.#look, left).unref();
      return;
    }
    // A process that was stopped or busy must not judge before it has read what came meanwhile.
    setTimer(() => soon(() => this.#judge(statement)), 0);
  };

  #judge(statement: Statement): void {
    // If it was answered, the next one has set the watch anew.
    if (this.#active !== statement) return;
    const error = new Error(`the server has not answered for ${statement.patience / 1000} s`);
    this.end(Object.assign(error, { code: "ETIMEDOUT" }));
  }

  get #beating(): boolean {
    return (this.#always || this.#dependents.size > 0) && this.#end === null;
  }

  /** Makes sure that it beats. It stops when the timer finds no reason to: locks are taken more often than that. */
  #pace(): void {
    if (this.#beating) this.#beats ??= setTimer(this.#beat, BEAT_MS).unref();
  }

  readonly #beat = (): void => {
    this.#beats = undefined;
    if (!this.#beating) return;
    this.#pace();
    // A statement that is under way is as good as a beat.
    if (this.#active !== null) return;
    this.#enqueue("SELECT pg_catalog.pg_backend_pid() AS pid", ANSWER_MS, false).then(
      ([row]) => {
        if (Number(row?.["pid"]) === this.pid) return;
        this.end(new Error("a connection pooler gave the connection another session"));
      },
      (error: Error) => this.end(error),
    );
  };
}

/** How often (ms) a session that holds a lock asks for a sign of life. */
const BEAT_MS = 2000;

/**
 * How long (ms) the server may take to answer. With the pause between two beats this is less than 8 s, after which a
 * holder is to know; the server keeps its locks for 16 s.
 */
export const ANSWER_MS = 5500;

function rowsOf(result: Result | Result[]): Row[] {
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? [];
}
