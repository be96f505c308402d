#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { EXIT } from "./exit.js";
import { GeneratorMissing } from "./generator.js";
import { addGeneratorCommands } from "./generator-commands.js";

const program = new Command("lock-catalogue")
  .description("Lock files by name: typed classes over flock(2) from a YAML catalogue.")
  .showHelpAfterError("(run it with --help for usage)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
addGeneratorCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its message; asking for help is no failure.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun;
  } else if (error instanceof GeneratorMissing) {
    process.stderr.write(`lock-catalogue: ${error.message}\n`);
    process.exitCode = EXIT.couldNotRun;
  } else {
    process.stderr.write(`lock-catalogue: ${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = EXIT.couldNotRun;
  }
}
