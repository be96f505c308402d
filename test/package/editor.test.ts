import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../../codegen/index.js";
import { until, within } from "../support/bounded.js";
import { Workshop } from "./workshop.js";

/** A language server, over its standard input and output. */
class Server {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  #unread = Buffer.alloc(0);
  #asked = 0;

  constructor(program: string) {
    this.#child = spawn(process.execPath, [program, "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      this.#readAll();
    });
  }

  async start(): Promise<void> {
    const completionItem = { snippetSupport: true };
    const capabilities = {
      textDocument: { completion: { completionItem }, hover: { contentFormat: ["markdown"] } },
      workspace: { configuration: true },
    };
    await this.ask("initialize", { processId: process.pid, rootUri: null, capabilities });
    this.#send({ method: "initialized", params: {} });
  }

  /** Opens a document. @returns its URI. */
  open(path: string, text: string): string {
    const uri = pathToFileURL(path).href;
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
    return uri;
  }

  ask<T>(method: string, params: unknown): Promise<T> {
    const id = ++this.#asked;
    const answer = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params });
    return within(30_000, method, answer as Promise<T>);
  }

  async diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    await until("diagnosed", () => this.#diagnostics.has(uri), 30_000);
    return this.#diagnostics.get(uri) ?? [];
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #readAll(): void {
    for (;;) {
      const head = this.#unread.indexOf("\r\n\r\n");
      const length = Number(/length: (\d+)/i.exec(this.#unread.toString("latin1", 0, head))?.[1]);
      const end = head + 4 + length;
      if (head === -1 || this.#unread.length < end) return;
      const message: Message = JSON.parse(this.#unread.toString("utf8", head + 4, end));
      this.#unread = this.#unread.subarray(end);
      this.#take(message);
    }
  }

  #take({ id, method, params, result }: Message): void {
    if (method === "textDocument/publishDiagnostics") {
      this.#diagnostics.set(params.uri, params.diagnostics);
    } else if (method === "workspace/configuration") {
      const yaml = {
        validate: true,
        completion: true,
        hover: true,
        schemaStore: { enable: false },
      };
      this.#send({
        id,
        result: params.items.map(({ section }) => (section === "yaml" ? yaml : null)),
      });
    } else if (method !== undefined && id !== undefined) this.#send({ id, result: null });
    else if (id !== undefined) this.#answers.get(id)?.(result);
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly params: {
    readonly uri: string;
    readonly diagnostics: readonly Diagnostic[];
    readonly items: readonly { readonly section: string }[];
  };
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Completion {
  readonly items: readonly {
    readonly label: string;
    readonly textEdit: { readonly newText: string };
  }[];
}

/** What the people see who write a spec in an editor: by the language server that VS Code and others use, and the schema in the tarball. */
describe("an editor", () => {
  const project = new Workshop().project("editor", {}, { packages: ["yaml-language-server@1"] });
  const server = new Server(
    join(project.directory, "node_modules/yaml-language-server/bin/yaml-language-server"),
  );
  beforeAll(() => server.start());
  afterAll(() => server.end());

  const SCHEMA = "./node_modules/lock-catalogue/codegen/locks.schema.json";
  const HEAD = `# yaml-language-server: $schema=${SCHEMA}\ncatalogue: one\noutput: out\n`;
  const open = (name: string, text: string) =>
    server.open(join(project.directory, name), HEAD + text);

  const KIND = "  OneLock:\n    template: one.lock\n    description: Protects one thing.\n";

  it.each([
    ["the first lock", "a lock kind", "locks:\n", ""],
    ["another lock", "a lock kind", `locks:\n${KIND}`, ""],
    ["a parameter", "a parameter", "parameters:\n", `locks:\n${KIND}    readable: true\n`],
  ])("completes %s to one that is a spec", async (what, label, before, after) => {
    const uri = open(`${what.replaceAll(" ", "-")}.yaml`, `${before}  \n${after}`);
    const line = (HEAD + before).split("\n").length - 1;
    const position = { line, character: 2 };
    const { items } = await server.ask<Completion>("textDocument/completion", {
      textDocument: { uri },
      position,
    });
    const snippet = items.find((item) => item.label === label)?.textEdit.newText ?? "none";
    // As an editor inserts it: further lines are indented as the first, and each hole has its proposal.
    const inserted = snippet
      .replaceAll("\n", "\n  ")
      .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, "$1");
    const used = label === "a parameter" ? after.replace("one.lock", "{name}.lock") : after;
    const text = `${HEAD}${before}  ${inserted}\n${used.replace("{name}.lock", '"{name}.lock"')}`;
    project.write("completed.yaml", text);
    const { problems } = generate({ spec: "completed.yaml", cwd: project.directory });
    expect(problems).toEqual([]);
    expect(text).toMatch(/\n {2}\w+:\n {4}\w+: /);
  });

  it("says that a catalogue without a lock is none, and takes a key $schema", async () => {
    const uri = open("empty.yaml", `$schema: ${SCHEMA}\nlocks: {}\n`);
    const [diagnostic, ...more] = await server.diagnosticsOf(uri);
    expect(diagnostic).toMatchObject({
      message: expect.stringContaining("fewer properties than the required number of 1"),
      range: { start: { line: 4 } },
    });
    expect(more).toEqual([]);
  });

  it("says nothing of a good spec, and what a key means", async () => {
    const uri = open("good.yaml", `locks:\n${KIND}    wait: true\n`);
    expect(await server.diagnosticsOf(uri)).toEqual([]);
    const hover = await server.ask("textDocument/hover", {
      textDocument: { uri },
      position: { line: 7, character: 6 },
    });
    expect(JSON.stringify(hover)).toContain("Whether acquiring waits for the holder by default.");
  });
});
