import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { acquireAll, LockFile, type LockOrder, withLocks } from "../../src/index.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

/** A kind of a catalogue that says in which order its locks are taken. */
function kindOf(name: string, rank: number, before: readonly string[], catalogue = "shop") {
  return class extends LockFile {
    static override readonly LOCK_ORDER: LockOrder = {
      catalogue,
      rank,
      before,
      place: `locks.yaml: locks.${name}.before`,
    };
    override readonly kind: string = name;
  };
}

const StockLock = kindOf("StockLock", 0, ["OrderLock"]);
const OrderLock = kindOf("OrderLock", 1, ["ReportLock"]);
const ReportLock = kindOf("ReportLock", 2, []);
const OtherLock = kindOf("OtherLock", 0, [], "other");

function shop() {
  const directory = temporaryDirectory();
  const file = (name: string) => join(directory, name);
  const locks = {
    stock: new StockLock(file("stock")),
    order: new OrderLock(file("order")),
    report: new ReportLock(file("report")),
    other: new OtherLock(file("other")),
  };
  onTestFinished(() => {
    for (const lock of Object.values(locks)) lock.release();
  });
  return { file, ...locks };
}

const WAIT = { wait: true } as const;
const refused = expect.objectContaining({ code: "LOCK_ORDER" });

describe("a lock that is waited for inside the withLock of a later one", () => {
  it("is refused where that happens, with both kinds, both places and the way out", async () => {
    const { stock, order } = shop();
    await order.withLock(async () => {
      await expect(stock.acquire(WAIT)).rejects.toMatchObject({
        code: "LOCK_ORDER",
        name: "LockOutOfOrder",
        path: stock.filename,
        message: expect.stringMatching(
          /^StockLock would be waited for while OrderLock is held, and locks\.yaml: locks\.StockLock\.before says that it is taken first \(the other one: locks\.yaml: locks\.OrderLock\.before\)\. .*withLocks\(\).*\{ wait: false \}/,
        ),
      });
      // Also if it would be no error that others have it.
      const patient = { timeout: 5, raiseIfFail: false };
      await expect(stock.acquire(patient)).rejects.toEqual(refused);
      expect(() => stock.acquireSync(WAIT)).toThrow(refused);
      await expect(stock.withLock(() => {}, WAIT)).rejects.toEqual(refused);
      await expect(withLocks([stock], () => {}, WAIT)).rejects.toEqual(refused);
      await expect(acquireAll([stock], WAIT)).rejects.toEqual(refused);
    });
    expect(stock.held).toBe(false);
  });

  it("is refused by way of other kinds, and of one kind by the file name", async () => {
    const { stock, report, file } = shop();
    await report.withLock(async () => {
      const places = /rank 0 by .*StockLock.*rank 2 by .*ReportLock/;
      await expect(stock.acquire(WAIT)).rejects.toThrow(places);
    });
    const [a, b] = [new StockLock(file("a")), new StockLock(file("b"))];
    const lesser = /of one kind, the lesser file name comes first/;
    await b.withLock(() => expect(a.acquire(WAIT)).rejects.toThrow(lesser));
    await a.withLock(async () => expect(await b.acquire(WAIT)).toBe(true));
    b.release();
  });

  it("is had without waiting, in the order, of another catalogue, and if it is held already", async () => {
    const { stock, order, report, other } = shop();
    await order.withLock(async () => {
      expect(await stock.acquire()).toBe(true);
      expect(await stock.acquire(WAIT)).toBe(true);
      expect(await report.acquire(WAIT)).toBe(true);
      expect(await other.acquire(WAIT)).toBe(true);
    });
  });

  it("is had once that one is released, also by what was started inside", async () => {
    const { stock, order } = shop();
    let inside: Promise<boolean> | undefined;
    await order.withLock(async () => {
      inside = sleep(20).then(() => stock.acquire(WAIT));
      await expect(Promise.resolve().then(() => stock.acquire(WAIT))).rejects.toEqual(refused);
    });
    expect(await inside).toBe(true);
    stock.release();
    await order.withLock(async () => {
      order.release();
      expect(await stock.acquire(WAIT)).toBe(true);
    });
  });

  it("is had by a request beside it, however the two were started", async () => {
    const { stock, order } = shop();
    const holding = order.withLock(() => sleep(20), WAIT);
    await stock.withLock(() => expect(order.held).toBe(true), WAIT);
    await holding;
    // Who acquires goes on in the same context as whoever is started next.
    const job = async (lock: LockFile): Promise<void> => {
      await lock.acquire(WAIT);
      await sleep(5);
      lock.release();
    };
    await Promise.all([job(order), job(stock)]);
  });

  it("is taken in order by withLocks, whatever the order of its arguments, which tells what is inside", async () => {
    const { stock, order, report } = shop();
    const all = await withLocks([report, stock, order], () => [stock.held, report.held], WAIT);
    expect(all).toEqual([true, true]);
    await withLocks([report, order], () => expect(stock.acquire(WAIT)).rejects.toEqual(refused));
  });
});

it("a flow that takes one lock after the other does not grow", () => {
  const script = `
    import { LockFile } from "lock-catalogue";
    class Kind extends LockFile { static LOCK_ORDER = { catalogue: "c", rank: 0, before: [], place: "p" }; kind = "Kind" }
    const lock = new Kind(process.argv[1]);
    const used = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
    const run = async (times) => { for (let i = 0; i < times; i++) await lock.withLock(() => {}, { wait: true }); };
    await run(2000);
    const before = used();
    await run(20000);
    console.log(used() - before);`;
  const args = [
    "--expose-gc",
    "--input-type=module",
    "-e",
    script,
    join(temporaryDirectory(), "x"),
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(stderr).toBe("");
  // An entry each would be some megabytes.
  expect(Number(stdout)).toBeLessThan(500_000);
});

it("a program whose catalogue has no order has no AsyncLocalStorage of ours", () => {
  const script = `
    import { AsyncLocalStorage } from "node:async_hooks";
    import { LockFile, withLocks } from "lock-catalogue";
    let used = 0;
    for (const name of ["run", "enterWith", "getStore"]) AsyncLocalStorage.prototype[name] = () => void used++;
    const lock = new LockFile(process.argv[1] + "/.x.lock");
    await lock.acquire({ wait: true });
    lock.release();
    await lock.withLock(() => {});
    await withLocks([lock], () => {});
    console.log(used);`;
  const args = ["--input-type=module", "-e", script, temporaryDirectory()];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["0\n", ""]);
});
