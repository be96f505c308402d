import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { within } from "../support/bounded.js";

export type Message = Readonly<Record<string, unknown>>;

/** The processes of one torture. All of them are killed when it is over. */
export class Crew {
  readonly members: Member[] = [];
  readonly #onMessage: (message: Message) => void;

  constructor(onMessage: (message: Message) => void = () => {}) {
    this.#onMessage = onMessage;
  }

  /** Starts a process of ours or Barman's in a role, and waits until it is at it. */
  async add(maker: "ours" | "barman", role: string, ...args: readonly unknown[]): Promise<Member> {
    const member = new Member(maker, [role, ...args.map(String)], this.#onMessage);
    this.members.push(member);
    await within(30_000, `start of ${role}`, member.ready);
    return member;
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
  readonly maker: "ours" | "barman";
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  /** What it has said. */
  readonly messages: Message[] = [];

  constructor(
    maker: "ours" | "barman",
    args: readonly string[],
    onMessage: (message: Message) => void,
  ) {
    const [program, script] =
      maker === "ours" ? [process.execPath, "contender.mjs"] : ["/usr/bin/python3", "contender.py"];
    this.maker = maker;
    this.args = args;
    this.child = spawn(program, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
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
}
