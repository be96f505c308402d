import { closeSync } from "node:fs";
import { unlock } from "../system/flock.js";
import { type Identity, identityOf, isSame, type OpenFile } from "../system/open-file.js";
import { LONGEST_TIMER_MS, type Patience } from "../wait/patience.js";
import { blankStamp } from "./stamp.js";
import { identityAt } from "./still-at-path.js";

/** A lock that this thread holds. */
export interface Hold {
  readonly file: OpenFile;
  /** Whether our PID stands in the file, and is to be blanked on release. */
  readonly stamped: boolean;
  /**
   * Since when (ms, monotonic) this thread has had the lock without a break, from object to object, as
   * far as a contender of this thread has waited for it; undefined where none has.
   */
  since: number | undefined;
}

/** Enters a hold among those of this thread. */
export function keep(hold: Hold): Hold {
  holds[hold.file.fd] = hold;
  return hold;
}

/**
 * Gives a lock back: blanks the stamp, unlocks, closes, and hands it over to the contender of this thread
 * that waits for it. The file stays: an unlink would split contenders over two inodes. Never throws.
 */
export function drop(hold: Hold): void {
  const { fd, path } = hold.file;
  const successor = waiting.size > 0 ? waiting.get(path) : undefined;
  successor?.prepare();
  // Where somebody else closed our descriptor, its number may stand for another hold by now.
  if (holds[fd] === hold) {
    holds[fd] = undefined;
    if (hold.stamped) blankStamp(fd);
    try {
      // Explicitly, as a process that is being started at this moment may have a copy of the descriptor.
      unlock(fd);
      closeSync(fd);
    } catch {
      // The descriptor was closed behind our back, and the lock went with it.
    }
  }
  successor?.succeed();
}

/** The hold that this thread has on the file that is at `path` now. */
export function heldHere(path: string): Hold | undefined {
  const hold = holds.find((candidate) => candidate?.file.path === path);
  if (hold === undefined) return undefined;
  // A hold on a file that was unlinked or replaced keeps nobody from taking the one that is there.
  const there = identityAt(path);
  return there !== null && isFile(hold, there) ? hold : undefined;
}

/** Whether this thread holds the lock of this very file, under whatever name. */
export function isHeldHere({ fd }: Pick<OpenFile, "fd">, file: Identity): boolean {
  // A hold by the same descriptor is one that somebody else has closed.
  return holds.some((hold, number) => hold !== undefined && number !== fd && isFile(hold, file));
}

/** What a contender does when the lock is given back that it waits for. */
interface Succession {
  /** Runs while the lock is still held. */
  readonly prepare: () => void;
  /** Runs at the very moment of the release, before anyone else of this thread can take the lock. */
  readonly succeed: () => Hold | null;
}

/**
 * Waits until this thread gives its hold on `path` back, and succeeds it inside the release. One contender
 * at a time.
 *
 * @returns the new hold, if any, or null where patience ended.
 */
export async function handedOver(
  path: string,
  patience: Patience,
  { prepare, succeed }: Succession,
): Promise<Hold | null> {
  let result: () => Hold | null = () => null;
  await patience.step((done) => {
    // Nothing outside this thread ends this wait, so nothing but this timer keeps the process alive.
    const alive = setInterval(() => {}, LONGEST_TIMER_MS);
    waiting.set(path, {
      prepare,
      succeed: () => {
        try {
          const hold = succeed();
          result = () => hold;
        } catch (error) {
          result = () => {
            throw error;
          };
        }
        done();
      },
    });
    return () => {
      clearInterval(alive);
      waiting.delete(path);
    };
  });
  return result();
}

function isFile({ file }: Hold, other: Identity): boolean {
  try {
    return isSame(other, identityOf(file));
  } catch {
    return false; // Somebody closed our descriptor.
  }
}

/** By descriptor: taking and releasing are frequent, and asking is not, as only contenders that wait do. */
const holds: (Hold | undefined)[] = [];
const waiting = new Map<string, { readonly prepare: () => void; readonly succeed: () => void }>();
