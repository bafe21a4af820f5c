/** One vetted command document: what may be said to it, and the shell it runs. */
export interface VettedDocument {
  /** `<what>-read` for preflight, `<what>-write` for apply and revert: two documents, so that a role can be given one. */
  name: string;
  description: string;
  /** Every value is text that `allowedPattern` fits: nothing else reaches the shell. */
  parameters: Record<string, { description: string; allowedPattern: string }>;
  /** Run by /bin/sh. A parameter is `{{ name }}`. Paths are relative to the working directory, which is `/`. */
  script: string;
  /** Seconds it may run. */
  timeoutSeconds: number;
}

/** An absolute path of plain characters, no `.` or `..` in it; quoting is never needed. */
const PATH = "(/\\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)+";
const SHA256 = "[0-9a-f]{64}";
const COMMIT = "[0-9a-f]{40}";

/** What parameters may be. The whole value must fit: SSM looks for a match anywhere unless it is anchored. */
export const PATTERNS = {
  path: `^${PATH}$`,
  /** `path:source`, several apart by a space. */
  pairs: `^${PATH}:${PATH}( ${PATH}:${PATH}){0,19}$`,
  /** `path:source:sha256 that must be there:sha256 that will be there`, several apart by a space. */
  replacements: `^${PATH}:${PATH}:${SHA256}:${SHA256}( ${PATH}:${PATH}:${SHA256}:${SHA256}){0,19}$`,
  commit: `^${COMMIT}$`,
  /** A branch, tag or commit; `-` for none. */
  ref: "^(-|[A-Za-z0-9][A-Za-z0-9._/-]{0,99})$",
  /** `name:tag`, or `registry/name:tag`. */
  image: "^[a-z0-9][a-z0-9._/-]{0,99}:[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$",
  imageId: "^sha256:[0-9a-f]{64}$",
  /** Digest of run and step. */
  token: "^[0-9a-f]{10}$",
  direction: "^(apply|undo)$",
  /** A systemd unit or a compose service; `-` for none. */
  unit: "^(-|[A-Za-z0-9][A-Za-z0-9@._-]{0,99})$",
  activate: "^(none|reload-or-restart|restart|compose)$",
  test: "^(none|nginx)$",
  install: "^(none|npm-ci)$",
} as const;

/** The document's content, schema 2.2. */
export function contentOf({ description, parameters, script, timeoutSeconds }: VettedDocument): object {
  return {
    schemaVersion: "2.2",
    description,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, declared]) => [name, { type: "String", ...declared }]),
    ),
    mainSteps: [
      {
        action: "aws:runShellScript",
        name: "run",
        inputs: {
          workingDirectory: "/",
          timeoutSeconds: String(timeoutSeconds),
          runCommand: script.trim().split("\n"),
        },
      },
    ],
  };
}
