import { Socket } from "node:net";
import { hostname } from "node:os";
import { clearTimer, setTimer } from "../clock.js";
import { codeOf, messageOf } from "../errors.js";
import { type Client, loadDriver, type Row } from "./driver.js";
import { Session } from "./session.js";
import { Unsuitable } from "./trouble.js";

/** Where the sessions of a cluster go, and how. */
export interface Server {
  /** For the driver; may hold a password. */
  readonly url: string;
  /** The start-up options of the URL, as some services tell by them where to connect to. */
  readonly options: string;
  /** For messages: host, port and database. */
  readonly name: string;
  /** How long (ms) the server lets a session live that says nothing; 0 for ever. */
  readonly expiry: number;
  /** Whether the user says that a pooler stands in between which gives each client a session of its own. */
  readonly pooled: boolean;
}

/**
 * Reads a URL.
 *
 * @throws TypeError if it is none of PostgreSQL. The message does not repeat it, as it may hold a password.
 */
export function readUrl(text: string | undefined): Pick<Server, "url" | "options" | "name"> {
  if (text === undefined || text === "") {
    throw new TypeError(
      "cluster() got no URL: it needs one such as postgresql://user@host:5432/database. Is the environment variable set?",
    );
  }
  const url = parseUrl(text);
  if (url === null || !/^postgres(?:ql)?:$/u.test(url.protocol)) {
    throw new TypeError(
      "cluster() got a URL that cannot be read: it needs one such as postgresql://user@host:5432/database",
    );
  }
  // Ours win over these, which would end or rename our sessions.
  for (const parameter of OURS) url.searchParams.delete(parameter);
  const options = url.searchParams.get("options") ?? "";
  url.searchParams.delete("options");
  const host =
    url.searchParams.get("host") ?? decodeURIComponent(url.hostname).replace(NO_HOST, "");
  const port = url.searchParams.get("port") ?? (url.port === "" ? "5432" : url.port);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    url: textOf(url),
    options,
    name: `${host === "" ? "the default host" : host}:${port}${database === "" ? "" : `/${database}`}`,
  };
}

/** PostgreSQL's URLs may have a user and no host, for a unix socket; other URLs may not. */
function parseUrl(text: string): URL | null {
  for (const candidate of [text, text.replace("@/", `@${NO_HOST}/`)]) {
    if (URL.canParse(candidate)) return new URL(candidate);
  }
  return null;
}

function textOf(url: URL): string {
  return url.href.replace(`@${NO_HOST}/`, "@/");
}

const NO_HOST = "no-host.invalid";

const OURS: readonly string[] = [
  "application_name",
  "fallback_application_name",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "query_timeout",
  "keepalives",
];

/**
 * Opens a session.
 *
 * @throws LockServerUnsuitable if its locks could not be relied on; the driver's error if there is none to be had.
 */
export async function connect(server: Server): Promise<Session> {
  const { Client } = await loadDriver();
  const socket = new Socket();
  const client = new Client({
    connectionString: server.url,
    application_name: APPLICATION_NAME,
    // Poolers refuse start-up options.
    options: server.pooled ? undefined : `${server.options} ${optionsOf(settingsFor(server))}`,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => socket,
  });
  try {
    await establish(client, socket);
    const pid = await check(client, server);
    return new Session(client, socket, pid, server.expiry > 0);
  } catch (error) {
    socket.destroy();
    throw explain(error);
  }
}

/** What `pg_stat_activity.application_name` says of our sessions: the one field that every role may read. */
const APPLICATION_NAME: string = nameOfProcess(process.pid, hostname());

/** Who a session is, cut to what PostgreSQL keeps of it. */
export function nameOfProcess(pid: number, host: string): string {
  // PostgreSQL keeps printable ASCII, and 63 bytes.
  return `lock-catalogue ${pid}@${host.replaceAll(/[^\x21-\x7e]/gu, "?")}`.slice(0, 63);
}

/** Whose session this is, by its name; null if it is not one of ours. */
export function processNamed(name: unknown): { host: string; pid: number } | null {
  const { pid, host } =
    /^lock-catalogue (?<pid>[1-9]\d{0,9})@(?<host>.+)$/u.exec(String(name))?.groups ?? {};
  return pid === undefined || host === undefined ? null : { host, pid: Number(pid) };
}

/** What a session runs with. Every role may set these; those of the role and of the database yield to them. */
function settingsFor({ expiry }: Server): Readonly<Record<string, string>> {
  return {
    // The server notices within 16 s that a client is gone without a word, …
    tcp_keepalives_idle: "10",
    tcp_keepalives_interval: "2",
    tcp_keepalives_count: "3",
    tcp_user_timeout: "16000",
    // … also while the client waits for a lock.
    client_connection_check_interval: "2000",
    idle_session_timeout: String(expiry),
    statement_timeout: "0",
    lock_timeout: "0",
    // A token must be on disk here. It need not be on a standby, for which a commit may wait for ever: the
    // standby's promotion begins a new timeline, and that makes its tokens greater.
    synchronous_commit: "local",
    // A read-only role may hold locks and have tokens, too.
    default_transaction_read_only: "off",
    default_transaction_isolation: "read committed",
    // A function of the same name in another schema would answer true and lock nothing.
    search_path: "pg_catalog",
  };
}

function optionsOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`)
    .join(" ");
}

function establish(client: Client, socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimer(() => {
      const error = new Error(`the server has not answered for ${CONNECT_MS / 1000} s`);
      reject(Object.assign(error, { code: "ETIMEDOUT" }));
      socket.destroy();
    }, CONNECT_MS);
    // What comes after the first error is no news, but without a listener it would end the process.
    client.on("error", () => {});
    client.connect((error) => {
      clearTimer(late);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** How long (ms) a connection may take to be there. */
const CONNECT_MS = 10_000;

/** Makes sure that a session can be relied on. @returns the PID of its process at the server. */
async function check(client: Client, server: Server): Promise<number> {
  const { pid, standby, version } = await ask(
    client,
    `SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.current_setting('server_version_num')::integer AS version,
       CASE WHEN pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL
         THEN pg_catalog.set_config('transaction_timeout', '0', false) END`,
  );
  if (Number(version) < OLDEST) {
    throw new Unsuitable(`PostgreSQL ${Math.floor(Number(version) / 10_000)} is older than 14`);
  }
  if (standby === true) {
    throw new Unsuitable("it is a standby, which grants no locks. Connect to the primary");
  }
  if (server.pooled) {
    const settings = Object.entries(settingsFor(server)).map(
      ([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`,
    );
    await ask(client, `SELECT ${settings.join(", ")}`);
  } else if (Number(pid) !== client.processID) throw new Unsuitable(POOLER);
  return Number(pid);
}

function ask(client: Client, text: string): Promise<Row> {
  return new Promise((resolve, reject) => {
    client.query(text, (error, result) => {
      if (error) reject(error);
      else resolve((Array.isArray(result) ? undefined : result.rows[0]) ?? {});
    });
  });
}

/** 14.0: `client_connection_check_interval` and `idle_session_timeout` are of this version. */
const OLDEST = 140_000;

const POOLER =
  "a connection pooler stands in between. One that pools transactions or statements (PgBouncer's default pool_mode is " +
  'session, but most run it with transaction) grants a lock to two clients at once. Connect to PostgreSQL itself, or say { pooler: "session" } ' +
  "if each client has a session of its own there";

function explain(error: unknown): unknown {
  const code = codeOf(error);
  const message = messageOf(error);
  // PgBouncer 1.18 says so of "options"; newer versions, of some of the settings in it.
  if (code === "08P01" && /startup parameter/u.test(message)) {
    return new Unsuitable(POOLER, { cause: error });
  }
  if (code === "42704" && /unrecognized configuration parameter/u.test(message)) {
    return new Unsuitable(`it is older than PostgreSQL 14 (${message})`, { cause: error });
  }
  return error;
}
