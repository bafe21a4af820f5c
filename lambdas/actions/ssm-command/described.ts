import type { HostBefore, Input } from "./input.ts";
import { filesOf } from "./plan-files.ts";

/** True: the host is as it will be, and nothing has to be sent there. */
export const isBack = ({ files, commit, image }: HostBefore): boolean =>
  [...files, commit, image].every((each) => !each || each.before === each.after);

const short = (id: string) => id.replace("sha256:", "").slice(0, 12);

/** The change as people and later steps see it: names and checksums, never content. Pure. */
export function described(input: Input, hosts: HostBefore[], token: string) {
  const changed = hosts.filter((host) => !isBack(host));
  const [first] = changed;
  const what =
    input.code?.folder ??
    input.image?.name ??
    filesOf(input)
      .map(({ path }) => path)
      .join(", ");
  const to = first?.commit ?? first?.image;
  return {
    after: {
      hosts: hosts.map(({ host, files, commit, image }) => ({
        host,
        files: files.map(({ path, after }) => ({ path, sha256: after })),
        ...(commit ? { commit: commit.after } : {}),
        ...(image ? { image: image.after } : {}),
      })),
    },
    summary:
      changed.length === 0
        ? `${what} on ${input.hosts.join(", ")} is back already`
        : `${what} on ${changed.map(({ host }) => host).join(", ")}: back ${to ? `to ${short(to.after)}` : "to the copies"}`,
    evidence: hosts.flatMap(({ host, files, commit, image }) => [
      ...files.map(({ path, before, after }) => `${host}: ${path} ${short(before)} → ${short(after)}`),
      ...[commit, image].flatMap((each) =>
        each ? [`${host}: ${what} ${short(each.before)} → ${short(each.after)}`] : [],
      ),
    ]),
    ...(changed.length === 0 ? {} : { keeps: changed.flatMap((host) => keptOn(host, what, token)) }),
  };
}

const keptOn = ({ host, files, commit, image }: HostBefore, what: string, token: string): string[] => [
  ...files
    .filter(({ before, after }) => before !== after)
    .map(({ path }) => `${path}.watchdog-${token} on ${host}, as it was`),
  ...(commit ? [`commit ${commit.before} on ${host}; local changes as the stash watchdog-${token}`] : []),
  ...(image
    ? [`image ${short(image.before)} on ${host} as ${what.replace(/:[^:/]*$/, "")}:watchdog-${token}`]
    : []),
];
