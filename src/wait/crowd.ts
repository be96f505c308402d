import { performance } from "../clock.js";

/**
 * The other processes that contend for a lock, as far as this thread has seen them hold it. All see much the same, the
 * lucky and the unlucky: pauses that went by what one has waited itself would leave the unlucky ever further behind.
 */
export class Crowd {
  /** Who held the lock lately: a PID for each hold that was seen. */
  readonly #holders: number[] = [];
  /** When (ms, monotonic) the last of them was seen. */
  #seen = performance.now();

  saw(pid: number, now: number): void {
    this.#seen = now;
    this.#holders.push(pid);
    if (this.#holders.length > HOLDS_KEPT) this.#holders.shift();
  }

  /** How many processes those were. */
  get size(): number {
    return new Set(this.#holders).size;
  }

  /** Whether it may be the same crowd still. */
  isOf(now: number): boolean {
    return now - this.#seen < LASTS_MS;
  }
}

/** What this thread knows about the contenders for the lock of `path`, from this wait and those shortly before it. */
export function crowdAt(path: string): Crowd {
  const now = performance.now();
  const known = crowds.get(path);
  if (known?.isOf(now)) return known;
  const crowd = new Crowd();
  crowds.set(path, crowd);
  if (crowds.size > clearAbove) {
    for (const [place, each] of crowds) if (!each.isOf(now)) crowds.delete(place);
    clearAbove = Math.max(FEWEST_TO_CLEAR, 2 * crowds.size);
  }
  return crowd;
}

/** Twice as many as the processes whose number matters, so that most of those are among them. */
const HOLDS_KEPT = 64;

/** A process that contends for a lock all the time sees it pass on more often than that. */
const LASTS_MS = 1_000;

const FEWEST_TO_CLEAR = 100;
let clearAbove = FEWEST_TO_CLEAR;
const crowds = new Map<string, Crowd>();
