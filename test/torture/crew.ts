import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { within } from "../support/bounded.js";

export type Message = Readonly<Record<string, unknown>>;

type Maker = "ours" | "barman";

/** The processes of one torture. All of them are killed when it is over. */
export class Crew {
  readonly members: Member[] = [];
  readonly #onMessage: (message: Message) => void;

  constructor(onMessage: (message: Message) => void = () => {}) {
    this.#onMessage = onMessage;
  }

  /** Starts a process of ours or Barman's, which then waits to be told to go. */
  async ready(maker: Maker, role: string, ...args: readonly unknown[]): Promise<Member> {
    const member = new Member(maker, [role, ...args.map(String)], this.#onMessage);
    this.members.push(member);
    await within(30_000, `start of ${role}`, member.ready);
    return member;
  }

  /** Starts a process that goes at once. */
  async add(maker: Maker, role: string, ...args: readonly unknown[]): Promise<Member> {
    const member = await this.ready(maker, role, ...args);
    member.go();
    return member;
  }

  /** Lets all go that are ready: together, however long the start of each took. */
  go(): void {
    for (const member of this.members) member.go();
  }

  /** Waits until all have ended by themselves. */
  async ended(ms: number): Promise<void> {
    await within(ms, "the crew", Promise.all(this.members.map(({ ended }) => ended)));
  }

  async kill(): Promise<void> {
    for (const member of this.members) member.child.kill("SIGKILL");
    await this.ended(20_000);
  }
}

class Member {
  readonly child: ChildProcess;
  readonly args: readonly string[];
  readonly maker: Maker;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  /** What it has said. */
  readonly messages: Message[] = [];

  constructor(maker: Maker, args: readonly string[], onMessage: (message: Message) => void) {
    const [program, script] =
      maker === "ours" ? [process.execPath, "contender.mjs"] : ["/usr/bin/python3", "contender.py"];
    this.maker = maker;
    this.args = args;
    this.child = spawn(program, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve()));
    this.ready = new Promise((resolve) => {
      if (this.child.stdout === null) return;
      createInterface({ input: this.child.stdout }).on("line", (line) => {
        const message: Message = JSON.parse(line);
        if ("ready" in message) resolve();
        else {
          this.messages.push(message);
          onMessage(message);
        }
      });
    });
  }

  go(): void {
    this.child.stdin?.end("\n");
  }
}
