import type { Socket } from "node:net";
import { codeOf, messageOf } from "../errors.js";

/** What this package uses of `pg`. No type of its own, so that our declarations do not need it. */
export interface Driver {
  readonly Client: new (config: ClientConfig) => Client;
}

interface ClientConfig {
  readonly connectionString: string;
  readonly application_name: string;
  readonly options?: string | undefined;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelayMillis: number;
  /** Makes the socket, so that it is ours to cut: `end` waits for a server that may be silent. */
  readonly stream: () => Socket;
}

/** A connection of `pg`. */
export interface Client {
  /** The PID that the server gave at the start, for cancels; a pooler gives one of its own. */
  readonly processID: number | null;
  connect(callback: (error: Error | null | undefined) => void): void;
  query(text: string, callback: (error: Error | null, result: Result | Result[]) => void): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "notification", listener: (message: Notification) => void): unknown;
  off(event: "notification", listener: (message: Notification) => void): unknown;
}

/** What a statement gave. */
export interface Result {
  readonly rows: Row[];
}

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A NOTIFY that came. */
export interface Notification {
  readonly channel: string;
  readonly payload?: string | undefined;
  /** The PID of the session that sent it, as the server knows it. */
  readonly processId: number;
}

/**
 * Loads `pg`, which is an optional peer dependency: nothing else needs it.
 *
 * @throws Error with the code `ERR_MODULE_NOT_FOUND`, and what to install, if it is not there.
 */
export function loadDriver(): Promise<Driver> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Driver> {
  try {
    const { default: driver } = await import("pg");
    return driver as unknown as Driver;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const message =
      'lock-catalogue/postgres needs the package "pg", which is not installed: npm install pg';
    throw Object.assign(new Error(message, { cause: error }), { code: "ERR_MODULE_NOT_FOUND" });
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === "ERR_MODULE_NOT_FOUND" && /'pg'/u.test(messageOf(error));
}

let loading: Promise<Driver> | undefined;
