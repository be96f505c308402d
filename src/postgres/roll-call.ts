import { randomUUID } from "node:crypto";
import { clearTimer, setTimer } from "../clock.js";
import type { Notification } from "./driver.js";
import type { Hold } from "./hold.js";
import { isGranted, keyFrom, keyOf, THIS_DATABASE } from "./key.js";
import { type OwningSession, ownerFrom } from "./owner.js";
import type { Session } from "./session.js";
import { quote } from "./token.js";

/**
 * The server knows which keys are held, and not which names they are of. So whoever wants to know calls the roll: a
 * NOTIFY to all sessions that listen, with the channel to answer on. A holder answers through the session that
 * holds, and the server says which session that was; an answer for a lock of another session counts for nothing.
 */

/** The channel of the calls. */
const CALLS = "lock-catalogue";

/** Listens to the calls. @param holds What the process holds now. */
export async function answerCalls(
  session: Session,
  namespace: string,
  holds: ReadonlyMap<Hold, unknown>,
): Promise<void> {
  session.onNotification(({ channel, payload = "" }) => {
    if (channel === CALLS) answer(payload, namespace, holds);
  });
  await session.run(`LISTEN "${CALLS}"`);
}

/** A call: which channel to answer on, and which key it is about; null for all. */
interface Call {
  readonly reply: string;
  readonly key: string | null;
}

/** An answer: base name, time (ms since 1970, by the holder's clock), and token if it has one, of each lock. */
interface Answer {
  readonly namespace: string;
  readonly locks: readonly (readonly [name: string, since: number, token: string | null])[];
}

function answer(payload: string, namespace: string, holds: ReadonlyMap<Hold, unknown>): void {
  const call = parse(payload) as Partial<Call> | null;
  const reply = String(call?.reply);
  // Anyone may send a NOTIFY: what goes into our statement is what we have checked.
  if (!/^lock-catalogue [0-9a-f-]{36}$/u.test(reply)) return;
  const bySession = new Map<Session, Answer["locks"][number][]>();
  for (const hold of holds.keys()) {
    const { key, session } = hold.grant;
    if (typeof call?.key === "string" && call.key !== String(key)) continue;
    const token = hold.known === null ? null : String(hold.known);
    const locks = bySession.get(session) ?? [];
    locks.push([hold.name, hold.since.getTime(), token]);
    bySession.set(session, locks);
  }
  for (const [session, locks] of bySession) {
    const parts = inParts(locks).map((part) => {
      const text: Answer = { namespace, locks: part };
      return `pg_catalog.pg_notify(${quote(reply)}, ${quote(JSON.stringify(text))})`;
    });
    // Who calls waits for nobody for long, and a session in trouble has other means to say so.
    session.run(`SELECT ${parts.join(", ")}`).catch(() => {});
  }
}

/** A NOTIFY carries less than 8,000 bytes. */
function inParts<T>(values: readonly T[]): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const value of values) {
    const size = Buffer.byteLength(JSON.stringify(value)) + 1;
    if (size > room) {
      parts.push([]);
      room = PART_BYTES;
    }
    parts.at(-1)?.push(value);
    room -= size;
  }
  return parts;
}

const PART_BYTES = 7000;

/** A lock that is held in a database by a session of this library. */
export interface Present {
  readonly key: bigint;
  readonly owner: OwningSession;
  /** What its holder said; null if it said nothing in time. */
  readonly said: {
    readonly name: string;
    readonly since: Date;
    readonly token: bigint | null;
  } | null;
}

/**
 * All locks that sessions of this library hold, without those of other namespaces.
 *
 * @param key The only one that is of interest; undefined for all.
 * @param patience How long (ms) to wait for answers.
 */
export async function callRoll(
  session: Session,
  namespace: string,
  key: bigint | undefined,
  patience: number,
): Promise<Present[]> {
  const rows = await session.run(
    "SELECT l.pid, l.classid, l.objid, a.application_name FROM pg_catalog.pg_locks AS l " +
      "JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid " +
      `WHERE ${key === undefined ? ANY_KEY : isGranted(key)} AND a.application_name LIKE 'lock-catalogue %'`,
  );
  const silent = new Map<string, Present>();
  for (const row of rows) {
    const present = {
      key: keyFrom(row["classid"], row["objid"]),
      owner: ownerFrom(row),
      said: null,
    };
    silent.set(idOf(present.owner.pid, present.key), present);
  }
  if (silent.size === 0) return [];
  const present: Present[] = [];
  const reply = `lock-catalogue ${randomUUID()}`;
  let forget = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<void>((resolve, reject) => {
    timer = setTimer(resolve, patience);
    const listen = ({ channel, payload = "", processId }: Notification): void => {
      if (channel !== reply) return;
      const answer = parse(payload) as Partial<Answer> | null;
      for (const [name, since, token] of answer?.locks ?? []) {
        const id = idOf(processId, keyOf(String(answer?.namespace), String(name)));
        const seen = silent.get(id);
        if (seen === undefined) continue;
        silent.delete(id);
        if (answer?.namespace !== namespace) continue;
        const said = {
          name: String(name),
          since: new Date(Number(since)),
          token: token === null ? null : BigInt(token),
        };
        present.push({ ...seen, said });
      }
      if (silent.size === 0) resolve();
    };
    forget = session.onNotification(listen);
    const call: Call = { reply, key: key === undefined ? null : String(key) };
    const text = `LISTEN "${reply}"; SELECT pg_catalog.pg_notify('${CALLS}', ${quote(JSON.stringify(call))})`;
    session.run(text).catch(reject);
  });
  try {
    await answered;
  } finally {
    clearTimer(timer);
    forget();
  }
  session.run(`UNLISTEN "${reply}"`).catch(() => {});
  return [...present, ...silent.values()];
}

const ANY_KEY = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = ${THIS_DATABASE}`;

function idOf(pid: number, key: bigint): string {
  return `${pid} ${key}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Somebody else's.
  }
}
