import type { Command } from "commander";

/** Shells for which a completion can be written. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** `watchdog completion SHELL`: a script for the shell to read, made from the commands themselves. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a completion script for bash, zsh or fish")
    .argument("<shell>", "bash, zsh or fish")
    .option("--json", "the script in one JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  source <(watchdog completion bash)\n  watchdog completion zsh > ~/.zfunc/_watchdog\n  watchdog completion fish > ~/.config/fish/completions/watchdog.fish\n",
    )
    .action((shell: string, options: { json?: boolean }) => {
      if (!(SHELLS as readonly string[]).includes(shell))
        throw new Error(`"${shell}" is no shell with completion. Write ${SHELLS.join(", ")}.`);
      const script = completion(program, shell as Shell);
      console.log(options.json ? JSON.stringify({ shell, script }) : script);
    });
}

interface Word {
  name: string;
  about: string;
}

interface CommandWords extends Word {
  options: Word[];
}

/** Names and options of every command. */
function words(program: Command): CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: [
      ...command.options.map(({ long, description }) => ({ name: long!, about: description })),
      { name: "--help", about: "how to use it" },
    ],
  }));
}

/** The script of one shell. Pure. */
export function completion(program: Command, shell: Shell): string {
  const commands = words(program);
  return { bash, zsh, fish }[shell](commands);
}

const names = (all: Word[]) => all.map(({ name }) => name).join(" ");
/** A text in single quotes of a POSIX shell or of fish. */
const quoted = (text: string, apostrophe = "'\\''") => `'${text.replaceAll("'", apostrophe)}'`;

const bash = (commands: CommandWords[]) => `# bash completion of watchdog
_watchdog() {
  local current=\${COMP_WORDS[COMP_CWORD]} options=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names(commands)}" -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map(({ name, options }) => `    ${name}) options="${names(options)}" ;;`).join("\n")}
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _watchdog watchdog`;

/** A colon parts a word from its description. */
const described = ({ name, about }: Word) => quoted(`${name}:${about.replaceAll(":", "\\:")}`);

const zsh = (commands: CommandWords[]) => `#compdef watchdog
_watchdog() {
  local -a words_here
  if (( CURRENT == 2 )); then
    words_here=(${commands.map(described).join(" ")})
    _describe command words_here
    return
  fi
  case $words[2] in
${commands.map(({ name, options }) => `    ${name}) words_here=(${options.map(described).join(" ")}) ;;`).join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then _describe option words_here; else _files; fi
}
compdef _watchdog watchdog`;

const fish = (commands: CommandWords[]) =>
  [
    "# fish completion of watchdog",
    ...commands.flatMap(({ name, about, options }) => [
      `complete -c watchdog -f -n __fish_use_subcommand -a ${name} -d ${quoted(about, "\\'")}`,
      ...options.map(
        (option) =>
          `complete -c watchdog -n '__fish_seen_subcommand_from ${name}' -l ${option.name.slice(2)} -d ${quoted(option.about, "\\'")}`,
      ),
    ]),
  ].join("\n");
