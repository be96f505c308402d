import { basename } from "node:path";
import { tellLost } from "../channels.js";
import { performance, timeOfDay } from "../clock.js";
import { LockLost } from "../errors.js";
import { contenderOf, type LockFile } from "../lock-file.js";
import type { Dependent } from "./session.js";
import { type Grant, holds, release } from "./take.js";
import { tokenOf } from "./token.js";

/** A lock that one object holds, from the grant to the release or the loss. */
export class Hold implements Dependent {
  readonly grant: Grant;
  /** When it was taken. */
  readonly since: Date = new Date(timeOfDay());
  readonly #file: LockFile;
  readonly #contender: number;
  readonly #server: string;
  readonly #start: number = performance.now();
  /** Made when somebody asks for the signal: it costs more than all else here. */
  #abort: AbortController | undefined;
  #token: Promise<bigint> | undefined;
  #known: bigint | null = null;
  #lost: LockLost | null = null;

  /** @param server Its name, for messages. */
  constructor(grant: Grant, file: LockFile, server: string) {
    this.grant = grant;
    this.#file = file;
    this.#contender = contenderOf(file);
    this.#server = server;
    grant.session.add(this);
  }

  /** Aborts when the lock is lost; its reason is the {@link LockLost}. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#lost !== null) this.#abort.abort(this.#lost);
    }
    return this.#abort.signal;
  }

  /** The loss; null as long as none is known. */
  get lost(): LockLost | null {
    return this.#lost;
  }

  /** The token, if it was asked for already. */
  get known(): bigint | null {
    return this.#known;
  }

  /** The base name of the file, by which every host knows the lock. */
  get name(): string {
    return basename(this.#file.filename);
  }

  /** Asks the server for the token, once. @throws LockLost if the lock is lost by then. */
  async token(): Promise<bigint> {
    this.#throwIfLost();
    this.#token ??= tokenOf(this.grant.session, String(this.#file));
    try {
      this.#known = await this.#token;
    } catch (error) {
      this.#token = undefined;
      this.#throwIfLost();
      throw error;
    }
    this.#throwIfLost();
    return this.#known;
  }

  /** Makes sure that it is held still. @throws LockLost if that cannot be had from the server. */
  async confirm(): Promise<void> {
    this.#throwIfLost();
    try {
      if (await holds(this.grant)) return;
      this.lose(new Error("the server says that the session does not hold it"));
    } catch (error) {
      this.grant.session.end(error as Error);
    }
    this.#throwIfLost();
  }

  /** Releases the lock. @throws LockLost if the server does not confirm that it was held until now. */
  async release(): Promise<void> {
    const { session } = this.grant;
    try {
      this.#throwIfLost();
      const confirmed = await release(this.grant).catch(() => true);
      if (!confirmed) this.lose(new Error("the server says that the session did not hold it"));
      this.#throwIfLost();
    } finally {
      session.remove(this);
    }
  }

  /** The session has ended, or does not hold it any more. */
  lose(cause: Error): void {
    if (this.#lost !== null) return;
    this.#lost = new LockLost(
      `${this.#file} was lost: the session that held it at ${this.#server} has ended (${cause.message}). ` +
        "Another host may hold it now, so stop what it protects, and take it again before you go on.",
      this.#file.filename,
      cause,
    );
    tellLost(this.#file, this.#contender, performance.now() - this.#start, this.#lost);
    this.#abort?.abort(this.#lost);
  }

  #throwIfLost(): void {
    if (this.#lost !== null) throw this.#lost;
  }
}
