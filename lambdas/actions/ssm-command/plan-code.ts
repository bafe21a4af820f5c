import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";

export interface CommitChange {
  before: string;
  after: string;
  /** The branch that was checked out; `-` for none. */
  branch: string;
}

/** What `last-good` means in this run. */
export function refOf(to: string, run: Pick<RunContext, "lastGood">): string {
  if (to !== "last-good") return to;
  const version = run.lastGood?.version;
  if (!version)
    throw refusal(
      "No version is known to be good: none is recorded whose watch completed. Nothing was changed. Name a tag or commit in the plan (to).",
    );
  return version;
}

/** `code-read` answers lines of two words. Pure. */
export function commitChange(host: string, folder: string, ref: string, output: string): CommitChange {
  const said = new Map(
    output.split("\n").map((line): [string, string] => line.split(" ", 2) as [string, string]),
  );
  const before = said.get("commit") ?? "missing";
  const after = said.get("target") ?? "missing";
  if (!/^[0-9a-f]{40}$/.test(before))
    throw refusal(
      `${folder} on the host ${host} is no working copy of git. Nothing was changed. Correct the plan.`,
    );
  if (!/^[0-9a-f]{40}$/.test(after))
    throw refusal(
      `${folder} on the host ${host} has no commit, tag or branch ${ref}, with or without a v. Nothing was changed. Fetch it there, or name another.`,
    );
  const branch = said.get("branch") ?? "-";
  // A name that the document would not take is restored as a commit.
  return { before, after, branch: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(branch) ? branch : "-" };
}
