import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import { codeOf, messageOf } from "../errors.js";
import { callsOf, splitArguments } from "./arguments.js";
import { CannotRun, complain, EXIT, RUN } from "./exit.js";
import { createProgram } from "./program.js";

const { args, command } = splitArguments(process.argv.slice(2));
// Not if a command runs: it has the output, and looking at a pipe here makes it non-blocking there.
if (command === null) {
  process.stdout.on("error", (error) => {
    // A reader that has read enough, such as `head`, is no failure.
    if (codeOf(error) === "EPIPE") process.exit();
    complain(error.message);
    process.exit(EXIT.couldNotRun);
  });
}

try {
  requireUtf8("argument", "/proc/self/cmdline");
  if (command !== null) requireUtf8("environment variable", "/proc/self/environ");
  const program = await createProgram(args, command);
  for (const call of callsOf(args)) await program.parseAsync(call, { from: "user" });
} catch (error) {
  // `run` exits with the codes of its command, so its own codes differ.
  const failed = args[0] === "run" ? RUN.couldNotRun : EXIT.couldNotRun;
  if (error instanceof CommanderError) {
    // Commander has printed its message; asking for help is no failure.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : failed;
  } else {
    report(error);
    process.exitCode = failed;
  }
}

/**
 * Node.js reads its arguments and environment as UTF-8 and puts U+FFFD in place of other bytes: `run` would lock
 * another file, and give its command other words than it was given.
 *
 * @throws CannotRun if one of them is not UTF-8.
 */
function requireUtf8(what: string, file: string): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return; // No /proc.
  }
  if (isUtf8(bytes)) return;
  const words = bytes.toString("latin1").split("\0");
  const word = words.find((text) => !isUtf8(Buffer.from(text, "latin1"))) ?? "";
  const shown = word.replace(/[^ -~]/gu, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  throw new CannotRun(
    `the ${what} "${shown}" is not UTF-8, which is all that Node.js can hand on unchanged: use another name, ` +
      "or flock(1)",
  );
}

/** Prints an error: its message if that is meant for users, and otherwise the stack of a bug. */
function report(error: unknown): void {
  const isBug =
    typeof error === "object" &&
    error !== null &&
    "stack" in error &&
    !(error instanceof CannotRun) &&
    !String(codeOf(error)).startsWith("LOCK_") &&
    // What the library refuses of its caller comes from the user here, as a variable with a relative path.
    codeOf(error) !== "ERR_INVALID_ARG_VALUE" &&
    !("syscall" in error);
  if (isBug) process.stderr.write(`lock-catalogue: ${error.stack}\n`);
  else complain(messageOf(error), error instanceof CannotRun ? error.details : "");
}
