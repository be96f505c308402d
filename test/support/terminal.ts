import { spawnSync } from "node:child_process";
import { MAIN, Running, type Surroundings } from "./cli.js";

/** Whether a pseudo-terminal can be had: `script` of util-linux. */
export const hasTerminal: boolean = spawnSync("script", ["--version"]).status === 0;

/** What keys send. */
export const CTRL_C = "\x03";
export const CTRL_Z = "\x1a";

/** The command in a pseudo-terminal of its own; what it prints there is in `out`. */
export class Terminal extends Running {
  constructor(
    args: readonly string[],
    {
      columns = 100,
      rows = 30,
      underShell = false,
      ...surroundings
    }: Surroundings & { columns?: number; rows?: number; underShell?: boolean } = {},
  ) {
    const command = [process.execPath, MAIN, ...args].map(quote).join(" ");
    // `script` does not let its child be stopped, but does not know of a child of that.
    const how = underShell ? `trap : INT; ${command}; exit $?` : `exec ${command}`;
    super("script", ["-qefc", `stty cols ${columns} rows ${rows}; ${how}`, "/dev/null"], {
      ...surroundings,
      // What a person's terminal has, whatever runs the tests: Node.js shows no colours where CI is set.
      env: {
        TERM: "xterm-256color",
        CI: undefined,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        ...surroundings.env,
      },
    });
  }

  /** Types at the keyboard. */
  type(keys: string): void {
    this.child.stdin?.write(keys);
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
