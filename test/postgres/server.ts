import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { until } from "../support/bounded.js";

/** Where Debian has the programs of the newest PostgreSQL that is installed; null if there is none. */
export const PROGRAMS: string | null = findPrograms();

/** Whether a real PostgreSQL can be run here. */
export const hasPostgres: boolean = PROGRAMS !== null;

/** Whether a real PgBouncer can be run here. */
export const hasPgBouncer: boolean = spawnSync("pgbouncer", ["--version"]).status === 0;

function findPrograms(): string | null {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return null;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  const found = versions.map((version) => join(root, version, "bin"));
  return found.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

const isRoot = process.getuid?.() === 0;

/** A program and its arguments, to be run as the user postgres if we are root: PostgreSQL refuses root. */
export function asPostgres(
  program: string,
  args: readonly string[],
  network?: number,
): [string, string[]] {
  if (network !== undefined) {
    return ["nsenter", ["-t", String(network), "-n", ...asPostgres(program, args).flat()]];
  }
  if (!isRoot) return [program, [...args]];
  return ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, ...args]];
}

function run(program: string, ...args: readonly string[]): Promise<string> {
  return runIn(undefined, program, ...args);
}

async function runIn(
  network: number | undefined,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  const [file, words] = asPostgres(join(PROGRAMS ?? "", program), args, network);
  const { stdout } = await promisify(execFile)(file, words, { timeout: 60_000, cwd: "/" });
  return stdout;
}

/** A folder that belongs to the user postgres. */
function folderOfPostgres(): string {
  const folder = mkdtempSync(join(tmpdir(), "lock-catalogue-pg-"));
  if (isRoot) spawnSync("chown", ["postgres", folder]);
  chmodSync(folder, 0o755);
  return folder;
}

/** How a server is to be. */
export interface ServerOptions {
  /** Settings for postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines for pg_hba.conf, before those that let everybody in. */
  readonly hba?: readonly string[];
  /** A process in whose network the server is to be. */
  readonly network?: number;
}

/** A real server with a data folder of its own, on a unix socket and a port of 127.0.0.1. */
export class Server {
  readonly folder: string;
  readonly port: number;

  readonly #network: number | undefined;

  private constructor(folder: string, port: number, network?: number) {
    this.folder = folder;
    this.port = port;
    this.#network = network;
  }

  /** Makes a new cluster of databases and starts its server; {@link remove} it in the end. */
  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(folderOfPostgres(), await freePort(), options.network);
    await run(
      "initdb",
      "-D",
      server.data,
      "-A",
      "trust",
      "-U",
      "postgres",
      "--no-sync",
      "-E",
      "UTF8",
      "--locale=C",
    );
    server.configure(options);
    await server.up();
    return server;
  }

  /** A standby that follows this server by streaming. */
  async standby(): Promise<Server> {
    const server = new Server(folderOfPostgres(), await freePort());
    await run(
      "pg_basebackup",
      "-D",
      server.data,
      "-R",
      "-X",
      "stream",
      "-c",
      "fast",
      "-h",
      this.folder,
      "-p",
      String(this.port),
      "-U",
      "postgres",
      "--no-sync",
    );
    server.configure({});
    await server.up();
    return server;
  }

  /** Where its programs are. */
  get programs(): string {
    return PROGRAMS ?? "";
  }

  get data(): string {
    return join(this.folder, "data");
  }

  /** The URL of a database, by the unix socket. */
  url({ user = "postgres", database = "postgres" } = {}): string {
    return `postgresql://${user}@/${database}?host=${encodeURIComponent(this.folder)}&port=${this.port}`;
  }

  /** The same by TCP. */
  tcp({
    user = "postgres",
    database = "postgres",
    port = this.port,
    host = "127.0.0.1",
  } = {}): string {
    return `postgresql://${user}@${host}:${port}/${database}`;
  }

  /** The PID of the postmaster. */
  get pid(): number {
    return Number(readFileSync(join(this.data, "postmaster.pid"), "utf8").split("\n")[0]);
  }

  /** Starts it, and waits until it accepts connections. */
  async up(): Promise<void> {
    const log = join(this.folder, "log");
    await runIn(this.#network, "pg_ctl", "-D", this.data, "-w", "-s", "-l", log, "start");
  }

  /** Stops it, in one of the ways there are. */
  async down(mode: "fast" | "immediate" | "smart" = "fast"): Promise<void> {
    await run("pg_ctl", "-D", this.data, "-m", mode, "-w", "-s", "stop");
  }

  /** Makes a standby a primary. */
  async promote(): Promise<void> {
    await run("pg_ctl", "-D", this.data, "-w", "-s", "promote");
  }

  /** What the server has logged. */
  get log(): string {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  /** Runs a statement as the superuser, in a session of its own. */
  async query(
    text: string,
    values: readonly unknown[] = [],
    database = "postgres",
  ): Promise<Record<string, unknown>[]> {
    const client = await this.client(database);
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** A session of the superuser. */
  async client(database = "postgres"): Promise<pg.Client> {
    const client = new pg.Client(this.url({ database }));
    client.on("error", () => {});
    await client.connect();
    return client;
  }

  /** The sessions of this library at the server, by their PIDs there. */
  async sessions(): Promise<{ pid: number; state: string; waits: boolean; name: string }[]> {
    const rows = await this.query(
      `SELECT pid, state, application_name AS name, wait_event_type = 'Lock' AS waits
       FROM pg_stat_activity WHERE application_name LIKE 'lock-catalogue %' ORDER BY backend_start`,
    );
    return rows as unknown as { pid: number; state: string; waits: boolean; name: string }[];
  }

  /** How many advisory locks are held. */
  async held(): Promise<number> {
    const [row] = await this.query(countOf("granted"));
    return Number(row?.["n"]);
  }

  /** Waits until so many advisory locks are waited for. */
  waited(count: number): Promise<void> {
    return this.#becomes(count, "NOT granted");
  }

  /** Waits until so many are held: a wait that was given up may be granted before the server hears of it. */
  holds(count: number): Promise<void> {
    return this.#becomes(count, "granted");
  }

  async #becomes(count: number, which: "granted" | "NOT granted"): Promise<void> {
    const client = await this.client();
    try {
      let locks = -1;
      const look = async (): Promise<void> => {
        const { rows } = await client.query(countOf(which));
        locks = rows[0].n;
      };
      const end = performance.now() + 20_000;
      for (await look(); locks !== count; await look()) {
        if (performance.now() > end) throw new Error(`${locks} locks ${which} and not ${count}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      await client.end();
    }
  }

  /** Stops it without ado, and removes its files. */
  async remove(): Promise<void> {
    await this.down("immediate").catch(() => {});
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  configure({ settings = {}, hba = [] }: ServerOptions): void {
    const all = {
      ...SETTINGS,
      port: String(this.port),
      unix_socket_directories: this.folder,
      ...settings,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'`);
    writeFileSync(join(this.data, "postgresql.auto.conf.tests"), `${lines.join("\n")}\n`);
    const conf = join(this.data, "postgresql.conf");
    const text = readFileSync(conf, "utf8");
    const include = "include = 'postgresql.auto.conf.tests'";
    if (!text.includes(include)) writeFileSync(conf, `${text}\n${include}\n`);
    const trust = [
      "local all all trust",
      "host all all 0.0.0.0/0 trust",
      "local replication all trust",
    ];
    writeFileSync(join(this.data, "pg_hba.conf"), `${[...hba, ...trust].join("\n")}\n`);
  }
}

const SETTINGS = {
  fsync: "off",
  listen_addresses: "127.0.0.1",
  max_connections: "60",
  shared_buffers: "16MB",
  log_min_messages: "warning",
} as const;

/** A real PgBouncer in front of a server, until {@link remove}. */
export class PgBouncer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly port: number;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  static async start(
    server: Server,
    mode: "session" | "transaction" | "statement",
    settings: Readonly<Record<string, string>> = {},
  ): Promise<PgBouncer> {
    const folder = folderOfPostgres();
    const port = await freePort();
    const all = {
      listen_addr: "127.0.0.1",
      listen_port: String(port),
      unix_socket_dir: folder,
      auth_type: "any",
      pool_mode: mode,
      ...settings,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
    const file = join(folder, "pgbouncer.ini");
    writeFileSync(
      file,
      `[databases]\n* = host=${server.folder} port=${server.port} user=postgres\n[pgbouncer]\n${lines.join("\n")}\n`,
    );
    const [program, args] = asPostgres("pgbouncer", ["-q", file]);
    const child = spawn(program, args, { stdio: "ignore", cwd: "/" });
    await until("PgBouncer listens", () => existsSync(join(folder, `.s.PGSQL.${port}`)));
    return new PgBouncer(child, folder, port);
  }

  get url(): string {
    return `postgresql://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port that is free on 127.0.0.1 now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}

/** How many advisory locks there are of those that are granted, or not. */
function countOf(which: "granted" | "NOT granted"): string {
  return `SELECT count(*)::integer AS n FROM pg_locks WHERE locktype = 'advisory' AND ${which}`;
}
