import { processNamed } from "./connect.js";
import type { Row } from "./driver.js";
import { isGranted } from "./key.js";
import type { Session } from "./session.js";

/** The session that holds a lock. */
export interface OwningSession {
  /** The PID of its process at the server. */
  readonly pid: number;
  /** The process that it is of; null if it does not say so in the way of this library. */
  readonly process: { readonly host: string; readonly pid: number } | null;
  /** What it calls itself, for messages. */
  readonly name: string;
}

/** Who holds a lock, as the server sees it; null if nobody does. */
export async function findOwner(session: Session, key: bigint): Promise<OwningSession | null> {
  const [row] = await session.run(
    "SELECT l.pid, a.application_name FROM pg_catalog.pg_locks AS l " +
      `LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid WHERE ${isGranted(key)} LIMIT 1`,
  );
  return row === undefined ? null : ownerFrom(row);
}

/** Reads a row of such a query. */
export function ownerFrom({ pid, application_name: name }: Row): OwningSession {
  return { pid: Number(pid), process: processNamed(name), name: String(name ?? "") };
}

/** For messages: who holds a lock. */
export function describeOwner(owner: OwningSession | null): string {
  if (owner === null) return "nobody any more";
  if (owner.process !== null) return `PID ${owner.process.pid} on ${owner.process.host}`;
  const name = owner.name === "" ? "" : `, which calls itself ${JSON.stringify(owner.name)}`;
  return `session ${owner.pid} of the server${name}`;
}
