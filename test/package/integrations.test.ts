import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { shown } from "../support/documents.js";
import { helpersOn, helperWaits } from "../support/script.js";
import { Project, Workshop } from "./workshop.js";

const PAGE = "docs/integrations.md";
const workshop = new Workshop();
const shared = workshop.project(
  "integrations",
  { type: "module" },
  { install: ["--omit=optional"], packages: ["fs-ext", "croner@11", "fastify@5"] },
);

/** A folder in which the packages are found, with these files. */
function folder(name: string, files: Readonly<Record<string, string>>): Project {
  const project = new Project(join(shared.directory, name));
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  return project;
}

/** Starts a module of a folder; killed when the test ends. */
function start(project: Project, file: string) {
  const child = spawn(process.execPath, [file], {
    cwd: project.directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, code, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

describe("croner", () => {
  /** Each report takes longer than the time between two of them. */
  const REPORT = `
    import { appendFileSync } from "node:fs";
    import { setTimeout } from "node:timers/promises";
    const note = (what) => appendFileSync("journal", what + " " + process.pid + "\\n");
    export async function writeReport() {
      note("begin");
      await setTimeout(1500);
      note("end");
    }
  `;

  /** What two processes that run the job of the document every second have noted when some reports are written. */
  async function journal(name: string, job: string): Promise<string[]> {
    const everySecond = job.replace('"0 3 * * *"', '"* * * * * *"');
    expect(everySecond).not.toBe(job);
    const project = folder(name, { "nightly.js": everySecond, "report.js": REPORT });
    const workers = [start(project, "nightly.js"), start(project, "nightly.js")];
    const file = join(project.directory, "journal");
    const notes = () => (existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : []);
    await until(
      "reports",
      () => notes().filter((note) => note.startsWith("end")).length >= 3,
      40_000,
    );
    for (const { child } of workers) child.kill("SIGSTOP");
    return notes();
  }

  const isAlone = (notes: readonly string[]): boolean =>
    notes.every((note, at) => at % 2 === 0 || note === notes[at - 1]?.replace("begin", "end"));

  it("does not run a job twice at a time, in whatever processes", async () => {
    const job = shown(PAGE, "nightly.js");
    const unlocked = job.replace(/new LockFile\(.*\)\.withLock\(writeReport\)/u, "writeReport()");
    expect(unlocked).not.toBe(job);
    const [notes, others] = await Promise.all([
      journal("cron", job),
      journal("unlocked", unlocked),
    ]);
    expect(notes.filter((note) => note.startsWith("begin")).length).toBeGreaterThanOrEqual(3);
    expect(notes).toSatisfy(isAlone);
    expect(others).not.toSatisfy(isAlone);
  });
});

/** What a server answers to a POST, on a connection of its own. */
async function answer(url: string, signal?: AbortSignal) {
  const options = { method: "POST", agent: false, ...(signal === undefined ? {} : { signal }) };
  const request = http.request(url, options).end();
  const [response]: http.IncomingMessage[] = await once(request, "response");
  if (response === undefined) throw new Error("no response");
  return { status: response.statusCode, headers: response.headers, body: await json(response) };
}

describe("Fastify", () => {
  /** A backup ends when there is a file that says so. */
  const BACKUP = `
    import { existsSync } from "node:fs";
    import { setTimeout } from "node:timers/promises";
    export async function backup(name) {
      console.log("backup", name);
      while (!existsSync("end-" + name)) await setTimeout(10);
      return { done: name };
    }
  `;
  const SERVE = `
    import { server } from "./server.js";
    process.once("SIGTERM", () => server.close());
    console.log(await server.listen({ host: "127.0.0.1", port: 0 }));
  `;

  it("answers each request by what became of its lock", async () => {
    const files = { "server.js": shown(PAGE, "server.js"), "backup.js": BACKUP, "serve.js": SERVE };
    const project = folder("fastify", files);
    mkdirSync(join(project.directory, "locks"));
    const lock = new LockFile(join(project.directory, "locks/.main-backup.lock"));
    const { child, code, lines } = start(project, "serve.js");
    const line = async (): Promise<string> =>
      String((await within(20_000, "a line of the server", lines.next())).value);
    const address = await line();
    const post = (path: string, signal?: AbortSignal) =>
      within(20_000, path, answer(`${address}/servers/${path}`, signal));

    const first = post("main/backups");
    expect(await line()).toBe("backup main");
    expect(await post("main/backups")).toMatchObject({
      status: 409,
      body: { code: "LOCK_BUSY", since: expect.stringMatching(/^\d{4}-.*Z$/u) },
    });
    const late = await post("main/backups?wait=50");
    expect(late).toMatchObject({ status: 503, body: { code: "LOCK_TIMEOUT" } });
    expect(late.headers["retry-after"]).toBe("10");
    expect(await post("a%2Fb/backups")).toMatchObject({
      status: 400,
      body: { code: "LOCK_NAME_INVALID" },
    });
    project.write("end-other", "");
    expect(await post("other/backups")).toMatchObject({ status: 200, body: { done: "other" } });
    expect(await line()).toBe("backup other");

    // A client that hangs up does not stay in the queue.
    const third = new LockFile(join(project.directory, "locks/.third-backup.lock"));
    using held = third;
    held.acquireSync();
    const abort = new AbortController();
    const gone = post("third/backups?wait=600000", abort.signal).catch((error) => error.name);
    await helperWaits(third.filename);
    abort.abort();
    expect(await gone).toBe("AbortError");
    await until("no request waits", () => helpersOn(third.filename).length === 0);

    // A server that closes lets its requests end.
    child.kill("SIGTERM");
    expect((await lock.inspect()).state).toBe("held");
    project.write("end-main", "");
    expect(await first).toMatchObject({ status: 200, body: { done: "main" } });
    expect(await within(20_000, "end of the server", code)).toBe(0);
    expect((await lines.next()).done).toBe(true);
    expect((await lock.inspect()).state).toBe("free");
  });
});
