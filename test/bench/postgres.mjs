// A real PostgreSQL for the benchmarks, as safe as it comes: commits are flushed.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

const ROOT = "/usr/lib/postgresql";
const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => b - a) : [];
const programs = versions.map((version) => join(ROOT, version, "bin"))[0];

/** What to install, or null if it is there. */
export const missingPostgres = programs ? null : "not installed: apt-get install postgresql";

/** Starts a server that ends with the scope. @returns its URL, and a client of the superuser. */
export async function startPostgres(scope) {
  const folder = scope.folder("postgres");
  const isRoot = process.getuid() === 0;
  // PostgreSQL refuses root.
  const as = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  if (isRoot) {
    execFileSync("chown", ["postgres", folder]);
    chmodSync(join(folder, ".."), 0o755);
  }
  const data = join(folder, "data");
  const start = (program, ...args) => [...as, join(programs, program), ...args];
  const [initdb, ...words] = start("initdb", "-D", data, "-A", "trust", "-U", "postgres");
  execFileSync(initdb, words, { stdio: "ignore", cwd: "/" });
  const settings = { listen_addresses: "", unix_socket_directories: folder, max_connections: 200 };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [postgres, ...args] = start(
    "postgres",
    "-D",
    data,
    ...flags,
    "-c",
    "log_min_messages=fatal",
  );
  scope.start(postgres, args);
  const url = `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(url);
    // The server is killed at the end.
    client.on("error", () => {});
    try {
      await client.connect();
      return { url, client };
    } catch (error) {
      if (tries === 200) throw error;
      await scope.sleep(50);
    }
  }
}
