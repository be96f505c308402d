import { codeOf } from "../errors.js";
import type { Patience } from "../wait/patience.js";
import { isGranted, literalOf } from "./key.js";
import { OVER, race } from "./race.js";
import { ANSWER_MS, type Session } from "./session.js";
import type { Sessions } from "./sessions.js";

/** A lock that a session was granted. */
export interface Grant {
  readonly key: bigint;
  readonly session: Session;
  /** Whether the session is one that waited, and is free for the next wait after the release. */
  readonly waited: boolean;
}

/**
 * Tries to take a lock, once, on the main session.
 *
 * @returns null if another session holds it, or others wait for it; or if patience ended first.
 */
export async function tryTake(
  sessions: Sessions,
  key: bigint,
  patience: Patience,
): Promise<Grant | null> {
  const session = sessions.current ?? (await race(patience, sessions.main()));
  if (session === OVER) return null;
  const answer = session.run(`SELECT pg_catalog.pg_try_advisory_lock(${literalOf(key)}) AS ok`);
  const rows = await race(patience, answer);
  if (rows === OVER) {
    // It may be granted all the same. A session that cannot release it ends.
    answer
      .then(([row]) => (row?.["ok"] === true ? release({ key, session, waited: false }) : true))
      .catch(() => {});
    return null;
  }
  return rows[0]?.["ok"] === true ? { key, session, waited: false } : null;
}

/**
 * Waits for a lock: in the server's queue, in a session of its own; if none is to be had, by trying again and again
 * until one is.
 *
 * @returns null if patience ended first; the caller has the answer at once, and what is under way is taken back.
 */
export async function waitToTake(
  sessions: Sessions,
  key: bigint,
  patience: Patience,
): Promise<Grant | null> {
  let pause = SHORTEST_PAUSE_MS;
  while (!patience.over) {
    if (sessions.hasWaiter) {
      try {
        return await waitInSession(sessions, key, patience);
      } catch (error) {
        // The server has no connection to spare now: the main session will do.
        if (codeOf(error) !== "53300") throw error;
      }
    }
    const wait = pause * (0.5 + Math.random() / 2);
    await sleepUntilFree(sessions, wait, patience);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    const grant = patience.over ? null : await tryTake(sessions, key, patience);
    if (grant !== null) return grant;
  }
  return null;
}

/**
 * Releases a lock.
 *
 * @returns whether the session says that it held the lock until now: then nobody else did since it took it, as a
 *   session's lock cannot be lost and regained.
 */
export async function release({ key, session }: Grant): Promise<boolean> {
  try {
    const [row] = await session.run(
      `SELECT pg_catalog.pg_advisory_unlock(${literalOf(key)}) AS ok`,
    );
    return row?.["ok"] === true;
  } catch (error) {
    // Whatever was in the way: a session of which we do not know what it holds must not stay.
    session.end(error as Error);
    throw error;
  }
}

/** Whether a session holds a lock, as the server sees it. */
export async function holds({ key, session }: Grant): Promise<boolean> {
  const [row] = await session.run(`SELECT ${isHeldByMe(key)} AS ok`);
  return row?.["ok"] === true;
}

async function waitInSession(
  sessions: Sessions,
  key: bigint,
  patience: Patience,
): Promise<Grant | null> {
  const opening = sessions.waiter();
  const session = await race(patience, opening);
  if (session === OVER) {
    opening.then(
      (late) => sessions.putBack(late),
      () => {},
    );
    return null;
  }
  while (!patience.over) {
    // A lock_timeout of 0 would be none.
    const slice = waitSlice(
      session,
      key,
      Math.min(SLICE_MS, Math.max(1, Math.ceil(patience.left))),
    );
    const got = await race(patience, slice).catch((error: Error) => {
      // Also a wait that fails may have been granted.
      session.end(error);
      throw error;
    });
    if (got === true) return { key, session, waited: true };
    if (got === OVER) {
      void takeBack(sessions, session, slice);
      return null;
    }
  }
  sessions.putBack(session);
  return null;
}

/** Waits in the server's queue for a while. @returns whether the session holds the lock now. */
async function waitSlice(session: Session, key: bigint, ms: number): Promise<boolean> {
  try {
    const [row] = await session.run(sliceText(key, ms), ms + ANSWER_MS);
    return row?.["got"] === true;
  } catch (error) {
    if (codeOf(error) !== "57014") throw error;
    // An administrator's cancel came after the wait, and before pg_locks had answered.
    await session.run(UNLOCK_ALL);
    return false;
  }
}

/**
 * A wait of limited length, as a waiter has a snapshot of its database that keeps VACUUM and CREATE INDEX CONCURRENTLY
 * waiting. Not the error decides, but pg_locks: a wait that timed out or was cancelled may hold the lock
 * all the same, as it was granted just before (3 to 13 of 100).
 */
function sliceText(key: bigint, ms: number): string {
  return `DO $$BEGIN
  PERFORM pg_catalog.set_config('lock_timeout', '${ms}', false);
  PERFORM pg_catalog.pg_advisory_lock(${literalOf(key)});
EXCEPTION WHEN lock_not_available OR query_canceled THEN NULL;
END$$;
SELECT pg_catalog.set_config('lock_timeout', '0', false), ${isHeldByMe(key)} AS got`;
}

function isHeldByMe(key: bigint): string {
  return (
    "EXISTS (SELECT FROM pg_catalog.pg_locks AS l " +
    `WHERE ${isGranted(key)} AND l.pid = pg_catalog.pg_backend_pid())`
  );
}

/** Ends a wait that is under way, and makes sure that its session holds nothing before the next one gets it. */
async function takeBack(
  sessions: Sessions,
  session: Session,
  slice: Promise<boolean>,
): Promise<void> {
  try {
    const main = await sessions.main();
    await main.run(`SELECT pg_catalog.pg_cancel_backend(${session.pid})`);
    await slice;
    await session.run(UNLOCK_ALL);
    sessions.putBack(session);
  } catch (error) {
    // The server notices within 2 s that the connection is closed, also of a wait.
    session.end(error as Error);
  }
}

const UNLOCK_ALL = "SELECT pg_catalog.pg_advisory_unlock_all()";

/** Waits for a moment, or until there is a session to wait with. */
async function sleepUntilFree(sessions: Sessions, ms: number, patience: Patience): Promise<void> {
  let forget = (): void => {};
  await patience.race(ms, (done) => {
    forget = sessions.onFree(done);
  });
  forget();
}

/** How long (ms) a wait may stay in the server's queue before it goes to the end of it. */
const SLICE_MS = 10_000;

/** Pauses (ms) between two tries of a wait for which there is no session. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
