import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { cluster } from "../../src/postgres/index.js";
import { FaultyProxy } from "../postgres/faulty-proxy.js";
import { hasPostgres, Server } from "../postgres/server.js";
import { temporaryDirectory } from "../support/directory.js";
import { LONG, report, scale, seeded } from "./scale.js";

const LASTS_MS = scale(20_000, 240_000);
/** As long as that, and until there were as many holds as prove something: a busy machine gets to fewer in the time. */
const ENOUGH = 100;
const MOST_MS = LASTS_MS + 240_000;
const WORKERS = scale(5, 8);

interface Span {
  readonly from: bigint;
  readonly to: bigint;
  readonly token: bigint;
}

/** A host: a process that takes the lock, through a proxy of its own or by the socket. */
class Host {
  readonly child: ChildProcess;
  readonly proxy: FaultyProxy | null;
  readonly url: string;
  readonly directory: string;

  constructor(
    server: Server,
    proxy: FaultyProxy | null,
    directory: string,
    tell: (message: Record<string, unknown>) => void,
  ) {
    this.proxy = proxy;
    this.directory = directory;
    this.url = proxy === null ? server.url() : server.tcp({ port: proxy.port });
    const script = fileURLToPath(new URL("cluster-contender.mjs", import.meta.url));
    this.child = spawn(process.execPath, [script, this.url, server.url(), directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (this.child.stdout === null) throw new Error("no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => tell(JSON.parse(line)));
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill(): Promise<void> {
    if (!this.alive) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }
}

it.skipIf(!hasPostgres)(
  "no two hosts ever hold the lock of a cluster as confirmed, and no stale write is accepted",
  async () => {
    const random = seeded("cluster");
    const server = await Server.start({ settings: { max_connections: "100" } });
    onTestFinished(() => server.remove());
    await server.query(
      `CREATE TABLE fenced (fence bigint); INSERT INTO fenced VALUES (0);
       CREATE TABLE history (seq bigserial, fence bigint, since bigint)`,
    );
    const holds: Span[] = [];
    const counts = { lost: 0, missed: 0, accepted: 0, refused: 0, failed: 0 };
    let longest = 0;
    const tell = (message: Record<string, unknown>): void => {
      const held = message["held"] as { from: string; to: string; token: string } | undefined;
      if (held !== undefined) {
        holds.push({ from: BigInt(held.from), to: BigInt(held.to), token: BigInt(held.token) });
      }
      for (const key of ["lost", "missed", "accepted", "refused", "failed"] as const) {
        if (key in message) counts[key]++;
      }
      longest = Math.max(longest, Number(message["waited"] ?? 0));
    };
    // Two of the hosts share a lock directory, as processes of one host do.
    const shared = temporaryDirectory();
    const start = async (i: number): Promise<Host> => {
      const proxy = i % 2 === 0 ? null : await FaultyProxy.start(server.port);
      return new Host(server, proxy, i < 2 ? shared : temporaryDirectory(), tell);
    };
    const hosts = await Promise.all(Array.from({ length: WORKERS }, (_, i) => start(i)));
    onTestFinished(async () => {
      await Promise.all(hosts.map((host) => host.kill()));
    });

    const done: Record<string, number> = {};
    const begin = performance.now();
    const isEnough = (): boolean => {
      const lasted = performance.now() - begin;
      const isTried = ["terminate", "cancel", "kill"].every((name) => (done[name] ?? 0) > 0);
      return lasted > MOST_MS || (lasted > LASTS_MS && holds.length > ENOUGH && isTried);
    };
    const admin = async (text: string): Promise<void> => {
      // The server may be on its way down or up.
      await server.query(text).catch(() => {});
    };
    const ours =
      "FROM pg_stat_activity WHERE application_name LIKE 'lock-catalogue %' ORDER BY random() LIMIT 1";
    const acts: readonly [
      name: string,
      weight: number,
      act: (host: Host, place: number) => Promise<void>,
    ][] = [
      ["terminate", 30, () => admin(`SELECT pg_terminate_backend(pid) ${ours}`)],
      [
        "oust",
        30,
        async () => {
          // The holder, while it cannot hear of it: when it goes on, its write is stale.
          const [row] = await server
            .query(
              `SELECT l.pid, application_name AS name FROM pg_locks AS l JOIN pg_stat_activity USING (pid)
               WHERE locktype = 'advisory' AND granted`,
            )
            .catch(() => []);
          const holder = hosts.find(({ child }) =>
            String(row?.["name"]).includes(` ${child.pid}@`),
          );
          if (holder === undefined) return;
          holder.child.kill("SIGSTOP");
          await admin(`SELECT pg_terminate_backend(${row?.["pid"]})`);
          await pause(random() * 200);
          holder.child.kill("SIGCONT");
        },
      ],
      ["cancel", 25, () => admin(`SELECT pg_cancel_backend(pid) ${ours}`)],
      [
        "kill",
        10,
        async (host, place) => {
          await host.kill();
          hosts[place] = await start(place);
        },
      ],
      [
        "stop",
        15,
        async (host) => {
          host.child.kill("SIGSTOP");
          await pause(random() * 300);
          host.child.kill("SIGCONT");
        },
      ],
      [
        "cut",
        10,
        async (host) => {
          host.proxy?.silence();
          await pause(random() * 1500);
          host.proxy?.cut();
        },
      ],
      [
        "restart",
        5,
        async () => {
          await server.down(random() < 0.5 ? "immediate" : "fast");
          await server.up();
        },
      ],
    ];
    const sum = acts.reduce((total, [, weight]) => total + weight, 0);
    while (!isEnough()) {
      await pause(random() * 150);
      const place = Math.floor(random() * hosts.length);
      const host = hosts[place];
      if (host === undefined || !host.alive) throw new Error(`host ${place} has ended by itself`);
      let dice = random() * sum;
      for (const [name, weight, act] of acts) {
        dice -= weight;
        if (dice >= 0) continue;
        await act(host, place);
        done[name] = (done[name] ?? 0) + 1;
        break;
      }
    }
    // When all is quiet, whoever waits gets it: after sessions of hosts that were cut off, each of which the server may
    // learn of some 20 s after the one before.
    const before = holds.length;
    const quiet = cluster(server.url()).lock(new LockFile(`${temporaryDirectory()}/tortured.lock`));
    const got = await quiet.acquire({ timeout: 90_000 });
    await quiet.release();
    await pause(500);
    const goesOn = holds.length > before;
    await Promise.all(hosts.map((host) => host.kill()));
    let left = -1;
    // The server learns within 16 s that a connection is gone, and sees to it within 5 s more; a waiter that has vanished
    // may be granted the lock meanwhile.
    for (const late = performance.now() + 90_000; left !== 0 && performance.now() < late; ) {
      left = await server.held();
      if (left > 0) await pause(50);
    }
    const accepted = await server.query("SELECT since FROM history ORDER BY seq");

    holds.sort((a, b) => (a.from < b.from ? -1 : 1));
    const overlaps = holds.filter((hold, i) => i > 0 && hold.from < (holds[i - 1]?.to ?? 0n));
    const disorder = holds.filter((hold, i) => i > 0 && hold.token <= (holds[i - 1]?.token ?? 0n));
    let youngest = 0n;
    const stale = accepted.filter(({ since }) => {
      const isStale = BigInt(String(since)) < youngest;
      if (!isStale) youngest = BigInt(String(since));
      return isStale;
    });
    const told = Object.entries(done).map(([name, count]) => `${count} ${name}`);
    report(
      `cluster: ${holds.length} confirmed holds, ${counts.lost} lost (${told.join(", ")})`,
      `${overlaps.length} overlaps`,
      "0",
    );
    report("cluster: tokens out of order", String(disorder.length), "0");
    report(
      `cluster: stale writes, ${counts.refused} refused, ${counts.accepted} accepted writes`,
      `${stale.length} accepted`,
      "0",
    );
    report("cluster: locks left when all have gone", String(left), "0");
    report(
      "cluster: longest acquire, of 4 s at most asked",
      `${(longest / 1000).toFixed(1)} s`,
      "≤ 15 s",
    );
    console.log(
      `${holds.length} confirmed, ${JSON.stringify({ ...counts, ...done, longest: Math.round(longest) })}`,
    );
    expect(overlaps).toEqual([]);
    expect(disorder).toEqual([]);
    expect(stale).toEqual([]);
    expect(left).toBe(0);
    expect(got && goesOn).toBe(true);
    // A connect that nobody answers takes 10 s, and a stopped process adds what it was stopped for.
    if (LONG) expect(longest).toBeLessThan(20_000);
    expect(holds.length).toBeGreaterThan(ENOUGH);
    expect(
      Math.min(done["terminate"] ?? 0, done["cancel"] ?? 0, done["kill"] ?? 0),
    ).toBeGreaterThan(0);
  },
  MOST_MS + 300_000,
);
