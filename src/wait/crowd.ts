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

  /**
   * How many they are, about: those that were seen, and those that may be expected to be unseen still, as many of these
   * were seen just once. When 32 begin at once, each knows after a few holds that they are many.
   *
   * The estimator Chao1 of how many species there are, without bias:
   * https://en.wikipedia.org/wiki/Unseen_species_problem
   */
  get size(): number {
    const times = new Map<number, number>();
    for (const pid of this.#holders) times.set(pid, (times.get(pid) ?? 0) + 1);
    let once = 0;
    let twice = 0;
    for (const count of times.values()) {
      if (count === 1) once++;
      else if (count === 2) twice++;
    }
    return times.size + (once * (once - 1)) / (2 * (twice + 1));
  }

  /** Whether it may be the same crowd still. */
  isRecent(now: number): boolean {
    return now - this.#seen < LASTS_MS;
  }
}

/** What this thread knows about the contenders for the lock of `path`, from this wait and those shortly before it. */
export function crowdAt(path: string): Crowd {
  const now = performance.now();
  const known = crowds.get(path);
  if (known?.isRecent(now)) return known;
  const crowd = new Crowd();
  crowds.set(path, crowd);
  if (crowds.size > clearAbove) {
    for (const [place, each] of crowds) if (!each.isRecent(now)) crowds.delete(place);
    clearAbove = Math.max(FEWEST_TO_CLEAR, 2 * crowds.size);
  }
  return crowd;
}

/** So many that of 32 processes nearly all are among them. */
const HOLDS_KEPT = 64;

/** Who contended a few seconds ago is likely to contend again. */
const LASTS_MS = 5_000;

const FEWEST_TO_CLEAR = 100;
let clearAbove = FEWEST_TO_CLEAR;
const crowds = new Map<string, Crowd>();
