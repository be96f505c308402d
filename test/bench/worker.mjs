// A process that answers each line with a line.
import { createInterface } from "node:readline";

export class Worker {
  #child;
  #lines;
  #ended;
  #patience;

  /**
   * @param ended a promise of its end.
   * @param patience how long (ms) it may take to answer.
   */
  constructor(child, ended, patience) {
    this.#child = child;
    this.#ended = ended;
    this.#patience = patience;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // Both are told by the line that does not come.
    child.on("error", () => {});
    child.stdin.on("error", () => {});
  }

  tell(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /** @returns the next line that it prints. */
  async answer() {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), this.#patience);
    const { value, done } = await this.#lines.next();
    clearTimeout(late);
    if (done) throw new Error(`${this.#child.spawnargs.join(" ")} ended before it answered`);
    return value;
  }

  ask(line) {
    this.tell(line);
    return this.answer();
  }

  async end() {
    this.#child.stdin.end();
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
