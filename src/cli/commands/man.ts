import type { Command } from "commander";

/** Declares `man`, which prints the manual page: the help of all commands. The build installs it with the package. */
export function addManCommand(program: Command): void {
  program
    .command("man")
    .summary("print the manual page")
    .description(
      "Prints the manual page for man(1). A global install has it already: man lock-catalogue.",
    )
    .addHelpText("after", "\nExample:\n  $ npx lock-catalogue man | man -l -")
    .action(() => {
      process.stdout.write(manualPage(program));
    });
}

function manualPage(program: Command): string {
  const name = program.name();
  const commands = program.commands.filter((command) => !isHidden(program, command));
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${program.version()}" "User Commands"`,
    ".SH NAME",
    `${name} \\- ${toRoff(firstToLower(program.description()))}`,
    ".SH SYNOPSIS",
    `.B ${name}`,
    ".I command",
    "[options]",
    ".SH COMMANDS",
    ...commands.flatMap((command) => [".TP", `.B ${command.name()}`, toRoff(command.summary())]),
    ...commands.flatMap((command) => [
      `.SH ${command.name().toUpperCase()}`,
      ".EX",
      toRoff(helpOf(command)),
      ".EE",
      "",
    ]),
  ].join("\n");
}

function isHidden(program: Command, command: Command): boolean {
  return !program.createHelp().visibleCommands(program).includes(command);
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 78,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}

function firstToLower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/u, "");
}

/** A backslash begins a request of roff, and so does a dot or an apostrophe at the start of a line. */
function toRoff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gmu, "\\&");
}
