import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { unlinkSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANNELS, LockFile } from "../../src/index.js";
import { isQueued } from "../../src/wait/thread-queue.js";
import { within } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { openFiles } from "../support/open-files.js";
import { scriptOn } from "../support/script.js";

const SEED = 20_261_126;

/** What a program may do with one of its objects, wherever it runs: beside our calls, or inside one. */
const OPS = [
  "acquire",
  "wait",
  "abortable",
  "acquireSync",
  "waitSync",
  "release",
  "abort",
] as const;
interface Action {
  readonly op: (typeof OPS)[number];
  readonly object: number;
}

const OBJECTS = 3;
const ABORTED = "aborted on purpose";
const action: fc.Arbitrary<Action> = fc.record({
  op: fc.constantFrom(...OPS),
  object: fc.nat(OBJECTS - 1),
});
/** Some actions run one after the other, with or without a turn of the event loop in between; some in callbacks. */
const program = fc.record({
  steps: fc.array(fc.tuple(action, fc.boolean()), { minLength: 2, maxLength: 12 }),
  insides: fc.array(fc.option(action), { maxLength: 12 }),
});

/** One run of a program of such actions over some objects for one file. */
class Run {
  readonly file = temporaryLock();
  readonly #objects = Array.from({ length: OBJECTS }, () => new LockFile(this.file));
  readonly #aborts = this.#objects.map(() => new AbortController());
  readonly #insides: (Action | null)[];
  readonly #acquires: Promise<unknown>[] = [];
  readonly #wrong: string[] = [];
  /** How often each object was released. */
  readonly #releases = this.#objects.map(() => 0);

  constructor(insides: readonly (Action | null)[]) {
    this.#insides = [...insides];
  }

  /** The callback of ours that a subscriber or an abort listener is. */
  readonly inside = (): void => {
    this.#onlyOneHolds();
    const next = this.#insides.shift();
    if (next) this.act(next);
  };

  act({ op, object }: Action): void {
    const lock = this.#objects[object] as LockFile;
    const controller = this.#aborts[object] as AbortController;
    switch (op) {
      case "acquire":
        this.#watch(object, lock.acquire({ raiseIfFail: false }));
        break;
      case "wait":
        this.#watch(object, lock.acquire({ timeout: 60, raiseIfFail: false }));
        break;
      case "abortable": {
        controller.signal.addEventListener("abort", this.inside, { once: true });
        const options = { wait: true, signal: controller.signal, raiseIfFail: false };
        this.#watch(object, lock.acquire(options));
        break;
      }
      case "acquireSync":
      case "waitSync": {
        const options = { timeout: op === "waitSync" ? 2 : 0, raiseIfFail: false };
        const before = this.#releases[object];
        const got = lock.acquireSync(options);
        this.#check(
          "acquireSync is true, and holds",
          !got || this.#releases[object] !== before || lock.held,
        );
        break;
      }
      case "release":
        (this.#releases[object] as number)++;
        lock.release();
        break;
      case "abort":
        this.#aborts[object] = new AbortController();
        controller.abort(new Error(ABORTED));
    }
    this.#onlyOneHolds();
  }

  /** Ends all that is under way. Everything must be as if nothing had been. */
  async end(): Promise<void> {
    this.#insides.length = 0;
    for (const controller of this.#aborts) controller.abort(new Error(ABORTED));
    await within(20_000, "the acquires", this.#settle());
    this.#onlyOneHolds();
    for (const lock of this.#objects) lock.release();
    expect(this.#wrong).toEqual([]);
    expect(isQueued(this.file)).toBe(false);
    const another = new LockFile(this.file);
    expect(await within(20_000, "another", another.acquire({ timeout: 10_000 }))).toBe(true);
    another.release();
    expect(await another.getOwnerPid()).toBe(null);
  }

  /** An acquire that settles may begin others. */
  async #settle(): Promise<void> {
    for (let settled = 0; settled < this.#acquires.length; ) {
      settled = this.#acquires.length;
      await Promise.all(this.#acquires);
    }
  }

  #watch(object: number, acquired: Promise<boolean>): void {
    const before = this.#releases[object];
    const settled = acquired.then(
      (got) => {
        // What another callback has released meanwhile is not held any more.
        if (got && this.#releases[object] === before)
          expect(this.#objects[object]?.held).toBe(true);
      },
      (error: Error) => expect(error.message).toBe("aborted on purpose"),
    );
    this.#acquires.push(settled);
  }

  #onlyOneHolds(): void {
    this.#check("one holds", this.#objects.filter(({ held }) => held).length <= 1);
  }

  /** Not by `expect`, as what a subscriber throws fails no test. */
  #check(what: string, isRight: boolean): void {
    if (!isRight) this.#wrong.push(what);
  }
}

describe("what runs inside a call of ours may call anything", () => {
  it("random programs: nothing hangs, one holds at most, and true is true", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(program, async ({ steps, insides }) => {
        const run = new Run(insides);
        const names = [CHANNELS.wait, CHANNELS.acquired, CHANNELS.released, CHANNELS.failed];
        const listener = (message: unknown): void => {
          if ((message as { path: string }).path === run.file) run.inside();
        };
        for (const name of names) subscribe(name, listener);
        try {
          for (const [action, turn] of steps) {
            run.act(action);
            if (turn) await new Promise((resolve) => setImmediate(resolve));
          }
          await run.end();
        } finally {
          for (const name of names) unsubscribe(name, listener);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each([
    ["", () => {}],
    [", and remove the file", unlinkSync],
  ])("and take the lock in the middle of a wait for it%s: it is held, once", (_what, then) => {
    const file = temporaryLock();
    const other = new LockFile(file);
    const lock = new LockFile(file);
    other.acquireSync();
    const inside = (message: unknown): void => {
      if ((message as { path: string }).path !== file) return;
      unsubscribe(CHANNELS.wait, inside);
      other.release();
      lock.acquireSync();
      then(file);
    };
    subscribe(CHANNELS.wait, inside);
    expect(lock.acquireSync({ timeout: 10_000 })).toBe(true);
    lock.release();
    expect(lock.held).toBe(false);
    expect([...openFiles("self").values()].filter((path) => path.startsWith(file))).toEqual([]);
  });

  it("and throw: the error is the program's own, and the lock is none the worse", async () => {
    const file = temporaryLock();
    const script = scriptOn(
      file,
      `import { subscribe } from "node:diagnostics_channel";
       import { CHANNELS } from "lock-catalogue";
       const thrown = [];
       process.on("uncaughtException", (error) => thrown.push(error.message));
       for (const [name, channel] of Object.entries(CHANNELS))
         subscribe(channel, () => { throw new Error(name); });
       const other = new LockFile(lock.filename);
       await other.acquire();
       const abort = new AbortController();
       abort.signal.addEventListener("abort", () => { throw new Error("abort"); });
       const aborted = lock.acquire({ wait: true, signal: abort.signal }).catch(({ message }) => message);
       const acquired = lock.acquire({ wait: true });
       abort.abort(new Error("enough"));
       console.log(await aborted);
       other.release();
       console.log(await acquired, lock.held, other.held);
       lock.release();
       console.log(await lock.getOwnerPid());
       await new Promise((resolve) => setImmediate(resolve));
       console.log(thrown.join(" "));`,
    );
    const lines = [await script.line(), await script.line(), await script.line()];
    expect(lines).toEqual(["enough", "true true false", "null"]);
    expect(await script.line()).toBe("acquired wait wait abort failed released acquired released");
    expect(await script.end()).toEqual({ code: 0, signal: null });
  });
});
