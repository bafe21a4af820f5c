import { userInfo } from "node:os";
import type { Command } from "commander";
import { EXIT_CODES, watchdogProgram } from "./program.ts";

/** docs/cli.md: every command with its options and examples, from the commands themselves. */
export function cliPage(): string {
  const program = watchdogProgram();
  return `${[
    "# Command line",
    "",
    "Made from the commands by `npm run generate`; do not edit.",
    "",
    program.description(),
    "",
    "## Conventions",
    "",
    "- Profile, region and credentials are found as the AWS CLI finds them: `--profile` and `--region` come before",
    "  `AWS_PROFILE`, `AWS_REGION` and `AWS_DEFAULT_REGION`, these before `~/.aws`. `AWS_ENDPOINT_URL` is respected, so the",
    "  same commands work on a sandbox.",
    "- `--json` is on every command: one JSON value on standard output, for programs.",
    "- `WATCHDOG_DEBUG=1` shows where an error came from.",
    "",
    "| Exit code | Means |",
    "| --- | --- |",
    ...Object.entries(EXIT_CODES).map(([code, means]) => `| ${code} | ${means} |`),
    "",
    ...program.commands.toSorted((left, right) => left.name().localeCompare(right.name())).flatMap(section),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

function section(command: Command): string[] {
  const rows = command.options.map(
    ({ flags, description, defaultValue, mandatory }) =>
      `| \`${flags}\` | ${cell(description)}${mandatory ? " (must be given)" : ""} | ${defaultText(defaultValue)} |`,
  );
  return [
    `## ${command.name()}`,
    "",
    `${sentence(command.description())}`,
    "",
    "```sh",
    `watchdog ${command.name()} ${command.usage()}`,
    ...examplesOf(command),
    "```",
    "",
    ...(rows.length > 0 ? ["| Option | Meaning | Default |", "| --- | --- | --- |", ...rows, ""] : []),
  ];
}

/** The lines below "Examples:" of a command's help. */
export function examplesOf(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  const [, after = ""] = text.split(/\nExamples?:\n/);
  return after
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;") || "JSON instead of text";
const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
/** What differs from machine to machine is said in words. */
const defaultText = (value: unknown): string =>
  value === undefined || value === false
    ? ""
    : value === userInfo().username
      ? "your user name"
      : `\`${String(value)}\``;
