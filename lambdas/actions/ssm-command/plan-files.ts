import { refusal } from "../../runtime/errors.ts";
import type { Input } from "./input.ts";

export interface Replacement {
  path: string;
  from: string;
  before: string;
  after: string;
}

/** The files of an input, each with the copy it goes back to. */
export const filesOf = ({ nginx, environment }: Pick<Input, "nginx" | "environment">) =>
  [...(nginx?.files ?? []), ...(environment ? [environment] : [])].map(({ path, from, sha256 }) => ({
    path,
    from: from ?? `${path}.backup`,
    sha256,
  }));

/** `files-read` answers one line a file: `file <path> <sha256 or missing>`. Pure. */
export function sums(output: string): Map<string, string> {
  return new Map(
    output.split("\n").flatMap((line): [string, string][] => {
      const [, path, sum] = /^file (\/\S+) ([0-9a-f]{64}|missing)$/.exec(line) ?? [];
      return path && sum ? [[path, sum]] : [];
    }),
  );
}

/** What each file is and will be on one host; refuses what cannot be put back. Pure. */
export function replacements(host: string, files: ReturnType<typeof filesOf>, output: string): Replacement[] {
  const found = sums(output);
  return files.map(({ path, from, sha256 }) => {
    const before = found.get(path) ?? "not told";
    const after = found.get(from) ?? "not told";
    for (const [name, sum] of [
      [path, before],
      [from, after],
    ])
      if (sum === "missing")
        throw refusal(
          `The host ${host} has no file ${name}. Nothing was changed. ${
            name === from
              ? "Name the copy to go back to in the plan (from)."
              : "Correct the plan, or put the file there."
          }`,
        );
    if (before === "not told" || after === "not told")
      throw refusal(`The host ${host} did not say what ${path} and ${from} are. Nothing was changed.`);
    if (sha256 && after !== sha256)
      throw refusal(
        `On the host ${host} the copy ${from} has the SHA-256 ${after}, and the plan asks for ${sha256}. ` +
          "Nothing was changed. Find out who changed the copy, or name another.",
      );
    return { path, from, before, after };
  });
}

/** The document's parameter. An undo takes what apply kept beside each file, under the token. */
export const entries = (files: Replacement[], direction: "apply" | "undo", token: string): string =>
  files
    .map(({ path, from, before, after }) =>
      direction === "apply"
        ? [path, from, before, after].join(":")
        : [path, `${path}.watchdog-${token}`, after, before].join(":"),
    )
    .join(" ");
