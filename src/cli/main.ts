#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { codeOf } from "../system/open-file.js";
import { visible } from "../text.js";
import { CannotRun } from "./cannot-run.js";
import { addBreakingCommand } from "./commands/breaking.js";
import { addExplainCommand } from "./commands/explain.js";
import { addGeneratorCommands } from "./commands/generate.js";
import { addListCommand } from "./commands/ls.js";
import { addRunCommand, RUN } from "./commands/run.js";
import { addSweepCommand } from "./commands/sweep.js";
import { addWhoCommand } from "./commands/who.js";
import { EXIT } from "./exit.js";
import { GeneratorMissing } from "./generator.js";

const { args, command } = splitArguments(process.argv.slice(2));
const program = new Command("lock-catalogue")
  .description("Lock files by name: typed classes over flock(2) from a YAML catalogue.")
  .showHelpAfterError("(run it with --help for usage)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
process.stdout.on("error", (error) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (codeOf(error) === "EPIPE") process.exit();
  process.stderr.write(`lock-catalogue: ${error.message}\n`);
  process.exit(EXIT.couldNotRun);
});

try {
  addGeneratorCommands(program);
  addExplainCommand(program);
  addBreakingCommand(program);
  addListCommand(program);
  addWhoCommand(program);
  await addRunCommand(program, args, command);
  addSweepCommand(program);
  await program.parseAsync(args, { from: "user" });
} catch (error) {
  // `run` has the exit codes of its command, so its own are others.
  const failed = args[0] === "run" ? RUN.couldNotRun : EXIT.couldNotRun;
  if (error instanceof CommanderError) {
    // Commander has printed its message; asking for help is no failure.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : failed;
  } else {
    process.stderr.write(`lock-catalogue: ${explain(error)}\n`);
    process.exitCode = failed;
  }
}

/** The stack is for those who mend the program: it comes where nothing else explains the failure. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExplained =
    error instanceof CannotRun ||
    error instanceof GeneratorMissing ||
    String(codeOf(error)).startsWith("LOCK_") ||
    "syscall" in error;
  return isExplained ? visible(error.message) : String(error.stack);
}

/** For `run`, what comes after the first `--` is another program's, and not for commander to read. */
function splitArguments(all: string[]): { args: string[]; command: string[] | null } {
  const end = all[0] === "run" ? all.indexOf("--") : -1;
  return end === -1
    ? { args: all, command: null }
    : { args: all.slice(0, end), command: all.slice(end + 1) };
}
