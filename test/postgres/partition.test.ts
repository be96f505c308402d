import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { type ClusterLock, cluster } from "../../src/postgres/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { LONG, report } from "../torture/scale.js";
import { hasPostgres, Server } from "./server.js";

const DROP =
  "tc qdisc add dev lo clsact && " +
  'tc filter add dev lo ingress protocol all prio 1 bpf da bytecode "1,6 0 0 2"';

/** Whether a private network whose packets can be dropped can be had here: root, `unshare`, `ip`, `tc`. */
const hasNetwork: boolean =
  spawnSync("unshare", ["-n", "sh", "-c", `ip link set lo up && ${DROP}`]).status === 0;

/** A network of its own, as long as the test runs. @returns the PID of a process in it. */
async function privateNetwork(): Promise<number> {
  const anchor = spawn("unshare", [
    "-n",
    "sh",
    "-c",
    "ip link set lo up && echo up && exec sleep 600",
  ]);
  onTestFinished(() => void anchor.kill("SIGKILL"));
  await within(10_000, "the network", once(anchor.stdout, "data"));
  return anchor.pid ?? -1;
}

/** A process in a network that takes a lock by TCP; it says a line for each thing that it does. */
class Remote {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(network: number, url: string, name: string, code: string) {
    const text = `
      import { cluster } from "lock-catalogue/postgres";
      import { ServerBackupLock } from "lock-catalogue/barman";
      const lock = cluster(${JSON.stringify(url)}).lock(new ServerBackupLock(${JSON.stringify(temporaryDirectory())}, ${JSON.stringify(name)}));
      const say = (what) => console.log(what, Number(process.hrtime.bigint()) / 1e9);
      setInterval(() => lock, 1000);
      ${code}`;
    const args = ["-t", String(network), "-n", process.execPath, "--input-type=module", "-e", text];
    this.child = spawn("nsenter", args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
    if (this.child.stdout === null) throw new Error("no output");
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  /** Waits until it says this. @returns when (s, monotonic). */
  async says(what: string, ms = 20_000): Promise<number> {
    const { value } = await within(ms, what, this.#lines.next());
    const [said, time] = String(value).split(" ");
    expect(said).toBe(what);
    return Number(time);
  }
}

type Lock = ClusterLock<ServerBackupLock>;

function now(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

it.skipIf(!hasPostgres || !hasNetwork)(
  "a partition is known to the holder within 8 s, and frees the lock 16 s after the last packet and not before; a host that was frozen meanwhile learns of it first",
  async () => {
    const network = await privateNetwork();
    const server = await Server.start({ network });
    onTestFinished(() => server.remove());
    // By the unix socket, which no partition cuts.
    const [here, gate, thawed] = ["main", "gate", "frozen"].map((name) => {
      const hosts = cluster(server.url());
      onTestFinished(() => hosts.close());
      return hosts.lock(new ServerBackupLock(temporaryDirectory(), name));
    }) as [Lock, Lock, Lock];
    const holder = new Remote(
      network,
      server.tcp(),
      "main",
      `await lock.acquire();
       say("held");
       lock.signal.addEventListener("abort", () => say("told"));
       process.stdin.once("data", async () => { await lock.token(); say("last"); });`,
    );
    await holder.says("held");
    await gate.acquire();
    const waiter = new Remote(
      network,
      server.tcp(),
      "gate",
      'lock.acquire({ wait: true }).catch(() => {}); say("waits");',
    );
    await waiter.says("waits");
    const frozen = new Remote(
      network,
      server.tcp(),
      "frozen",
      `await lock.acquire();
       say("held");
       lock.signal.addEventListener("abort", () => say("told"));
       process.stdin.once("data", () => lock.token().then(() => say("wrote"), (error) => say(error.code)));`,
    );
    await frozen.says("held");
    await server.waited(1);
    const next = here.acquire({ wait: true }).then(now);
    await server.waited(2);

    holder.child.stdin?.write("\n");
    const last = await holder.says("last");
    const inNetwork = (command: string): void => {
      const { status } = spawnSync("nsenter", ["-t", String(network), "-n", "sh", "-c", command]);
      expect(status).toBe(0);
    };
    // A host that is frozen runs no process and answers no packet.
    frozen.child.kill("SIGSTOP");
    inNetwork(DROP);
    // The waiter that has vanished is granted the lock all the same, and keeps it until the server knows.
    await gate.release();
    expect(await gate.acquire({ raiseIfFail: false })).toBe(false);
    const gone = gate.acquire({ wait: true }).then(now);

    const told = (await holder.says("told", 15_000)) - last;
    const freed = (await within(40_000, "the next holder", next)) - last;
    const gateFreed = (await within(20_000, "the vanished waiter", gone)) - last;
    report("cluster: told of a cut, after the last packet", `${told.toFixed(1)} s`, "≤ 8 s");
    report("cluster: freed by a cut, after the last packet", `${freed.toFixed(1)} s`, "≥ 16 s");
    report("cluster: freed of a waiter that vanished", `${gateFreed.toFixed(1)} s`, "≤ 20 s");
    expect(freed).toBeGreaterThan(told);
    // The kernel counts in jiffies.
    expect(freed).toBeGreaterThanOrEqual(15.9);
    if (LONG) expect(told).toBeLessThanOrEqual(8);
    await here.release();
    await gate.release();

    // The next holder has written long since when the frozen one goes on, with what it was about to do.
    await thawed.acquire({ timeout: 20_000 });
    await thawed.token();
    await thawed.release();
    inNetwork("tc qdisc del dev lo clsact");
    frozen.child.stdin?.write("\n");
    frozen.child.kill("SIGCONT");
    await frozen.says("told");
    await frozen.says("LOCK_LOST");
  },
  120_000,
);
