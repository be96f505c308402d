// What the locks of many hosts cost, at a PostgreSQL of this machine by its socket: to take and release beside flock(2),
// beside the same calls of a bare client, and beside a peer that takes advisory locks, too; to be handed over; to contend
// from one and from four hosts, which are lock directories here; and what connections and memory they take.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LockFile } from "lock-catalogue";
import { barman } from "lock-catalogue/barman";
import { cluster } from "lock-catalogue/postgres";
import { missingPackage } from "../peers.mjs";
import { missingPostgres, startPostgres } from "../postgres.mjs";
import { digits, median, missingRow, percentileRow, row } from "../row.mjs";

export const title = "Locks over many hosts, on PostgreSQL";
export const reading = "less is better";

export async function answer(scope) {
  if (missingPostgres) return [missingRow({ what: "cluster" }, missingPostgres)];
  const { url, client } = await startPostgres(scope);
  const start = async (way, folder, name = "x.lock", flags = []) => {
    const worker = scope.startNode("cluster.mjs", [way, url, join(folder, name)], flags);
    await worker.answer();
    return worker;
  };
  try {
    return [
      ...(await uncontended(scope, start)),
      ...(await handedOver(scope, start, url)),
      ...(await contended(scope, start)),
      ...(await inNumbers(scope, client, url)),
      await overTime(scope, start),
    ];
  } finally {
    await client.end();
  }
}

async function uncontended(scope, start) {
  const ways = ["ours", "bare", "token", "bareToken", "flock"];
  const peer = missingPackage("advisory-lock");
  if (!peer) ways.push("advisoryLock");
  const workers = {};
  for (const way of ways) workers[way] = await start(way, scope.folder(way), `${way}.lock`);
  const times = await scope.inTurns(11, workers, async (worker) => {
    return Number(await worker.ask(`take ${scope.few(1000, 20)}`)) / 1e3;
  });
  for (const worker of Object.values(workers)) await worker.end();
  const compare = (what, name, to, other, ratioAtMost) =>
    row({ what, to, unit: "µs", ratioAtMost }, times[name], times[other]);
  return [
    compare("take + release", "ours", "the same calls of a bare client", "bare", 1.3),
    compare("take + token + release", "token", "the same calls of a bare client", "bareToken", 1.3),
    peer
      ? missingRow({ what: "take + release", to: "advisory-lock" }, peer)
      : compare("take + release", "ours", "advisory-lock", "advisoryLock"),
    compare("take + release", "ours", "flock(2) alone", "flock"),
  ];
}

async function handedOver(scope, start, url) {
  const hosts = cluster(url);
  const holder = hosts.lock(new LockFile(join(scope.folder("holder"), "handover.lock")));
  const workers = {
    ours: await start("ours", scope.folder("waiter"), "handover.lock"),
  };
  const late = await scope.inTurns(160, workers, async (worker) => {
    await holder.acquire({ wait: true });
    worker.tell("wait");
    await scope.sleep(20 + 30 * Math.random());
    const released = process.hrtime.bigint();
    const [, taken] = await Promise.all([holder.release(), worker.answer()]);
    return Number(BigInt(taken) - released) / 1e6;
  });
  await workers.ours.end();
  // The hand-over on one host, through the file.
  const directory = scope.folder("same");
  const file = new LockFile(join(directory, "handover.lock"));
  const local = { flock: await start("flock", directory, "handover.lock") };
  const near = await scope.inTurns(160, local, async (worker) => {
    await file.acquire({ wait: true });
    worker.tell("wait");
    await scope.sleep(20 + 30 * Math.random());
    const released = process.hrtime.bigint();
    file.release();
    return Number(BigInt(await worker.answer()) - released) / 1e6;
  });
  await local.flock.end();
  await hosts.close();
  return [50, 99].map((percent) =>
    percentileRow(
      { what: `hand-over to another host, p${percent}`, to: "flock(2) on one host", unit: "ms" },
      percent,
      late.ours,
      near.flock,
    ),
  );
}

async function contended(scope, start) {
  const rows = [];
  const ms = scope.few(2000, 200);
  for (const contenders of scope.few([2, 8, 32], [2])) {
    const rates = {};
    for (const hosts of [1, 4]) {
      const folders = Array.from({ length: hosts }, (_, i) =>
        scope.folder(`contended-${contenders}-${hosts}-${i}`),
      );
      const workers = [];
      for (let i = 0; i < contenders; i++) {
        workers.push(await start("ours", folders[i % hosts], "contended.lock"));
      }
      const counts = await Promise.all(workers.map((worker) => worker.ask(`compete ${ms}`)));
      const sum = counts.reduce((total, count) => total + Number(count), 0);
      rates[hosts] = [(ms * 1e3) / sum];
      for (const worker of workers) await worker.end();
    }
    const about = {
      what: `${contenders} contenders on 4 hosts, a take`,
      to: "on 1 host",
      unit: "µs",
    };
    rows.push(row(about, rates[4], rates[1]));
  }
  return rows;
}

async function inNumbers(scope, client, url) {
  const [one, two] = [cluster(url), cluster(url, { waits: 4 })];
  const at = (hosts, folder, name) => hosts.lock(new LockFile(join(folder, name)));
  const [here, there] = [scope.folder("here"), scope.folder("there")];
  const held = Array.from({ length: 4 }, (_, i) => at(one, here, `${i}.lock`));
  await Promise.all(held.map((lock) => lock.acquire()));
  const waiting = held.map((_, i) => at(two, there, `${i}.lock`));
  const waits = waiting.map((lock) => lock.acquire({ wait: true }));
  await scope.sleep(300);
  const { rows } = await client.query(
    "SELECT pid, wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE application_name LIKE 'lock-catalogue %'",
  );
  const memory = (waits) =>
    rows.filter((each) => Boolean(each.waits) === waits).map(({ pid }) => residentOf(pid));
  const sessions = row(
    {
      what: "memory of a session that waits",
      to: "one that holds",
      unit: "MB",
      note: `${rows.length} connections of 2 processes, one with 4 waits`,
    },
    [median(memory(true))],
    [median(memory(false))],
  );
  await Promise.all(held.map((lock) => lock.release()));
  await Promise.all(waits);
  await Promise.all(waiting.map((lock) => lock.release()));

  const count = scope.few(1000, 50);
  const many = Array.from({ length: count }, (_, i) => at(one, here, `many-${i}.lock`));
  const flocks = Array.from({ length: count }, (_, i) => new LockFile(join(there, `f-${i}.lock`)));
  const all = await timed(() => Promise.all(many.map((lock) => lock.acquire())));
  const files = await timed(() => Promise.all(flocks.map((lock) => lock.acquire())));
  const scan = await timed(() => two.scan(barman));
  const local = await timed(() => barman.scan(there));
  for (const lock of flocks) lock.release();
  await one.close();
  await two.close();
  return [
    sessions,
    row({ what: `${count} locks at once`, to: "flock(2) alone", unit: "ms" }, [all], [files]),
    row({ what: `scan of ${count} locks`, to: "scan of a directory", unit: "ms" }, [scan], [local]),
  ];
}

async function overTime(scope, start) {
  const rounds = scope.few(100_000, 1000);
  const worker = await start("ours", scope.folder("long"), "long.lock", ["--expose-gc"]);
  // It takes longer than a worker has for an answer.
  let grown = 0;
  for (let done = 0; done < rounds; done += rounds / 20) {
    grown += Number(await worker.ask(`grow ${rounds / 20}`));
  }
  await worker.end();
  return {
    what: `heap after ${rounds.toLocaleString("en")} takes`,
    figure: `${digits(Math.max(0, grown) / 1e3)} kB more`,
  };
}

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** The memory of a process, in MB, with its part of what it shares. */
function residentOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+)/mu.exec(text)?.[1]) / 1e3;
}
