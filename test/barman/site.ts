import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Server } from "../postgres/server.js";
import { until, within } from "../support/bounded.js";
import { hasBarman, PYTHON } from "../support/peer.js";
import { readTraces, type Trace } from "./trace.js";

/** Whether a whole Barman can be run here, and watched. */
export const canWatchBarman: boolean =
  hasBarman && isThere("strace", "-o", "/dev/null", "true") && isThere("rsync", "--version");

/** Whether a program is installed. */
function isThere(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}

/** What ssh does, without another host: it leaves out its options and the name of the host, and runs what follows. */
const HERE = `#!/bin/sh
while [ "$1" = primary ] || [ "$1" = -o ]; do
  [ "$1" = primary ] || shift
  shift
done
exec sh -c "$*"
`;

/** A command of Barman's that is being watched. */
interface Watched {
  /** What it has done so far, and every process that it has started. */
  readonly traces: () => readonly Trace[];
  /** Whether it has ended; what it has started may go on. */
  readonly hasEnded: () => boolean;
  readonly status: () => number;
}

/** Where Barman runs: by the server that it backs up, or on another host that copies its backups. */
export type Node = "primary" | "passive";

/** A real Barman that backs up a real server by streaming, and a second one that copies the backups of the first. */
export class Site {
  readonly version: string;
  readonly folder: string = mkdtempSync(join(tmpdir(), "lock-catalogue-barman-"));
  readonly #server: Server;
  readonly #barman: string;
  readonly #watchers: ChildProcess[] = [];
  #count = 0;

  private constructor(server: Server) {
    this.#server = server;
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    this.#barman = join(bin, "barman");
    // A script of Python, as Barman starts itself again with the same interpreter. PYTHONPATH tells which Barman.
    writeFileSync(this.#barman, `#!${PYTHON}\nfrom barman.cli import main\nmain()\n`, {
      mode: 0o755,
    });
    // In place of ssh: the primary host is this one, with a Barman that finds its configuration by HOME.
    writeFileSync(join(bin, "here"), HERE, { mode: 0o755 });
    const database = `host=${server.folder} port=${server.port} user=postgres`;
    for (const node of ["primary", "passive"] as const) mkdirSync(this.directory(node));
    writeFileSync(
      join(this.folder, ".barman.conf"),
      this.#configuration("primary", {
        conninfo: `${database} dbname=postgres`,
        streaming_conninfo: database,
        backup_method: "postgres",
        streaming_archiver: "on",
        archiver: "off",
        slot_name: "barman",
        path_prefix: server.programs,
      }),
    );
    writeFileSync(
      join(this.folder, "passive.conf"),
      this.#configuration("passive", {
        primary_ssh_command: `${join(bin, "here")} primary`,
        backup_method: "postgres",
        archiver: "on",
      }),
    );
    const { stdout } = spawnSync(this.#barman, ["--version"], { encoding: "utf8", env: this.#env });
    this.version = /\d+\.\d+/.exec(stdout)?.[0] ?? "";
  }

  static async start(): Promise<Site> {
    return new Site(await Server.start());
  }

  /** Ends all that runs, and removes every file. */
  async remove(): Promise<void> {
    await this.run("primary", "receive-wal", "--stop", "main");
    // Strace ends what it follows when it gets this signal.
    for (const watcher of this.#watchers) watcher.kill("SIGTERM");
    await this.#server.remove();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get server(): Server {
    return this.#server;
  }

  /** The lock directory. */
  directory(node: Node): string {
    return join(this.folder, node);
  }

  #configuration(node: Node, settings: Readonly<Record<string, string>>): string {
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
    return `[barman]
barman_user = ${userInfo().username}
barman_home = ${this.directory(node)}
log_file = ${join(this.folder, `${node}.log`)}
[main]
description = a server
${lines.join("")}`;
  }

  get #env(): NodeJS.ProcessEnv {
    const path = `${join(this.folder, "bin")}:${process.env["PATH"]}`;
    return { ...process.env, HOME: this.folder, PATH: path };
  }

  #words(node: Node, words: readonly string[]): string[] {
    const file = node === "primary" ? ".barman.conf" : "passive.conf";
    return [this.#barman, "-c", join(this.folder, file), ...words];
  }

  /** Runs a command that is not watched, to its end. */
  async run(node: Node, ...words: readonly string[]): Promise<void> {
    const [program = "", ...args] = this.#words(node, words);
    const child = spawn(program, args, { env: this.#env, stdio: "ignore", timeout: 30_000 });
    await within(40_000, words.join(" "), new Promise((resolve) => child.once("exit", resolve)));
  }

  /** Starts a command, and watches it and what it starts. */
  watch(node: Node, ...words: readonly string[]): Watched {
    const prefix = join(this.folder, `trace-${++this.#count}`);
    const ended = `${prefix}-ended`;
    // Strace ends with the last process that it follows, such as a receive-wal in the background: who started it says
    // when the command itself has ended.
    const say = `"$@" >${prefix}-said 2>&1 </dev/null; echo $? >${ended}`;
    const trace = "trace=flock,close,unlink,unlinkat,kill,execve";
    const args = ["-ff", "--seccomp-bpf", "-y", "-s", "4096", "-e", trace, "-o", prefix];
    const command = this.#words(node, words);
    const options = { env: this.#env, stdio: "ignore" } as const;
    this.#watchers.push(spawn("strace", [...args, "sh", "-c", say, "sh", ...command], options));
    return {
      traces: () => readTraces(prefix, this.directory(node)),
      hasEnded: () => existsSync(ended) && readFileSync(ended, "utf8") !== "",
      status: () => Number(readFileSync(ended, "utf8")),
    };
  }

  /** Runs a command to its end, and says which locks it took. */
  async trace(node: Node, ...words: readonly string[]): Promise<readonly Trace[]> {
    const watched = this.watch(node, ...words);
    await until(`${words.join(" ")} has ended`, watched.hasEnded, 60_000);
    return watched.traces();
  }
}
