import { Argument, type Command, type Option } from "commander";
import { AND } from "../arguments.js";

/** Declares `completion`, which prints what a shell needs to complete our words. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .summary("print what lets a shell complete commands, flags and kinds")
    .description("Prints a script that makes a shell complete commands, flags, kinds and files.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", HELP)
    .action((shell: string) => {
      process.stdout.write(`${SCRIPTS[shell]}\n`);
    });
}

/**
 * Declares `complete`, which those scripts call.
 *
 * @param command The words of which the last is completed; null if there are none.
 */
export function addCompleteCommand(
  program: Command,
  _args: readonly string[],
  command: readonly string[] | null,
): void {
  program
    .command("complete", { hidden: true })
    .description("Prints what the last of the words after -- can be, one a line.")
    .action(() => {
      process.stdout.write(candidates(program, command ?? []).join("\n"));
    });
}

/** What the last word can be: subcommands, flags, choices; none for a file or a value that we do not know. */
function candidates(program: Command, words: readonly string[]): string[] {
  const all = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  if (all.includes("--")) return [];
  // Each lock of a run is a call of its own.
  const [first = "", ...rest] = all;
  const before = first === "run" ? [first, ...rest.slice(rest.lastIndexOf(AND) + 1)] : all;
  let command = program;
  let awaited: Option | undefined;
  let operands = 0;
  for (const text of before) {
    if (awaited !== undefined) awaited = undefined;
    else if (text.startsWith("-")) {
      const option = optionsOf(command).find(({ long, short }) => text === long || text === short);
      if (option?.required) awaited = option;
    } else {
      const next = command.commands.find((known) => known.name() === text);
      if (next === undefined) operands++;
      else command = next;
    }
  }
  const starts = (candidate: string): boolean => candidate.startsWith(word);
  if (awaited !== undefined) return (awaited.argChoices ?? []).filter(starts);
  if (word.startsWith("-")) {
    const given = new Set(before);
    const flags = optionsOf(command).flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
    return [...flags, "--help"].filter((flag) => starts(flag) && !given.has(flag));
  }
  const names = command
    .createHelp()
    .visibleCommands(command)
    .map((known) => known.name());
  const choices = command.registeredArguments[operands]?.argChoices ?? [];
  return [...names, ...choices].filter(starts);
}

/** The options of a command, and of those above it. */
function optionsOf(command: Command): Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

/** Each asks `complete`, and offers files if that has no answer. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_lock_catalogue() {
  local IFS=$'\\n'
  COMPREPLY=($(lock-catalogue complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _lock_catalogue lock-catalogue`,
  zsh: `#compdef lock-catalogue
_lock_catalogue() {
  local -a candidates
  candidates=("\${(@f)$(lock-catalogue complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then
    compadd -- "\${candidates[@]}"
  else
    _files
  fi
}
compdef _lock_catalogue lock-catalogue`,
  fish: `function __lock_catalogue
  set --local words (commandline --tokenize --current-process --cut-at-cursor) (commandline --current-token --cut-at-cursor)
  set --local candidates (lock-catalogue complete -- $words[2..] 2>/dev/null)
  if set --query candidates[1]
    printf '%s\\n' $candidates
  else
    __fish_complete_path $words[-1]
  end
end
complete --command lock-catalogue --no-files --arguments '(__lock_catalogue)'`,
};

const HELP = `
The shell has to find lock-catalogue in its PATH, as after npm install --global.

  bash  lock-catalogue completion bash >>~/.bashrc
  zsh   lock-catalogue completion zsh >>~/.zshrc    (after compinit)
  fish  lock-catalogue completion fish >~/.config/fish/completions/lock-catalogue.fish

Example:
  $ lock-catalogue completion bash >>~/.bashrc`;
