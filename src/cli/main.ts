#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { codeOf } from "../system/open-file.js";
import { addBreakingCommand } from "./commands/breaking.js";
import { addExplainCommand } from "./commands/explain.js";
import { addGeneratorCommands } from "./commands/generate.js";
import { addListCommand } from "./commands/ls.js";
import { addRunCommand } from "./commands/run.js";
import { addSweepCommand } from "./commands/sweep.js";
import { addWhoCommand } from "./commands/who.js";
import { CannotRun, complain, EXIT, messageOf, RUN } from "./exit.js";

const { args, command } = splitArguments(process.argv.slice(2));
const program = new Command("lock-catalogue")
  .description("Lock files by name: typed classes over flock(2) from a YAML catalogue.")
  .showHelpAfterError("(run it with --help for usage)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
process.stdout.on("error", (error) => {
  // A reader that has read enough, such as `head`, is no failure.
  if (codeOf(error) === "EPIPE") process.exit();
  complain(error.message);
  process.exit(EXIT.couldNotRun);
});

try {
  addGeneratorCommands(program);
  addExplainCommand(program);
  await addBreakingCommand(program, args);
  addListCommand(program);
  addWhoCommand(program);
  await addRunCommand(program, args, command);
  addSweepCommand(program);
  await program.parseAsync(args, { from: "user" });
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

/** Prints an error: its message if that is meant for users, and otherwise the stack of a bug. */
function report(error: unknown): void {
  const isBug =
    error instanceof Error &&
    !(error instanceof CannotRun) &&
    !String(codeOf(error)).startsWith("LOCK_") &&
    !("syscall" in error);
  if (isBug) process.stderr.write(`lock-catalogue: ${error.stack}\n`);
  else complain(messageOf(error));
}

/** For `run`, the words after the first `--` are the command: commander must not parse them. */
function splitArguments(all: string[]): { args: string[]; command: string[] | null } {
  const end = all[0] === "run" ? all.indexOf("--") : -1;
  return end === -1
    ? { args: all, command: null }
    : { args: all.slice(0, end), command: all.slice(end + 1) };
}
