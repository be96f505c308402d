import { expect } from "vitest";
import type { Result } from "./workshop.js";

/** A catalogue in which these keys say for which project it is written. */
export function spec(keys: string): string {
  return `catalogue: printers
output: src/locks
${keys}
parameters:
  queue:
    pattern: "[a-z]+"
    examples: [invoices]
  tray:
    type: integer
    min: 1
    max: 4
locks:
  QueueLock:
    template: "{queue}.queue.lock"
    description: Protects a print queue from two spoolers.
  TrayLock:
    template: "{queue}.{tray}"
    description: Protects a tray.
    named: true
`;
}

/** What a program does with it. Who catches an error needs nothing but the generated index. */
export const BODY = `
async function main() {
  const lock = new QueueLock(".", "invoices");
  console.log(await lock.acquire(), printers.identify(lock.filename)?.kind);
  await new QueueLock(".", "invoices").acquire().catch((error) => {
    console.log(error instanceof LockFileBusy, error.code);
  });
  lock.release();
  console.log(new TrayLock("/", { queue: "letters", tray: 2 }).filename);
}
void main();
`;
export const NAMES = "{ LockFileBusy, printers, QueueLock, TrayLock }";
export const program = (from: string): string => `import ${NAMES} from "${from}";\n${BODY}`;
/** What such a program says. */
export const SAID: Result = { status: 0, output: "true QueueLock\ntrue LOCK_BUSY\n/letters.2\n" };

/** Generates what a project's spec says, and finds it up to date. */
export function generated(run: (...args: string[]) => Result): void {
  const written = run("generate");
  expect(written).toEqual({ status: 0, output: expect.stringMatching(/\d+ created, 0 updated/) });
  const count = /(\d+) created/.exec(written.output)?.[1];
  const output = `${count} files up to date with locks.yaml.\n`;
  expect(run("check")).toEqual({ status: 0, output });
}
