import { existsSync, mkdirSync, readFileSync, renameSync, unlinkSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Said } from "./init.ts";

/** Where a shim and the sandbox leave messages for each other, inside the host. */
const BOX = "run/sandbox";

/** A program of the host that the sandbox itself answers; it says so to whoever reads it. */
const asking = (program: string) => `#!/bin/sh
# A stand-in of the sandbox for ${program}: it hands its arguments to the sandbox and gives back what that says.
ask="$(dirname "$0")/../../../${BOX}/$$"
printf '%s\\n' ${program} "$@" > "$ask.part" && mv "$ask.part" "$ask.request" || exit 1
while [ ! -e "$ask.reply" ]; do /bin/sleep 0.02; done
{ read -r code; case $code in 0 | 3) cat ;; *) cat >&2 ;; esac; } < "$ask.reply" # 3: systemctl's "inactive"
rm -f "$ask.reply"
exit "$code"
`;

/** Scripts wait on the sandbox's clock, as far as work may be hurried. */
const sleep = (factor: number) => `#!/bin/sh
# The sandbox's clock runs faster than the machine's: so does sleep.
exec /bin/sleep "$(awk "BEGIN { print \${1:-0} / ${factor} }")"
`;

/** The real nginx, kept inside the host: its prefix, configuration and log are the host's. */
const nginx = (program: string, folder: string) => `#!/bin/sh
# The machine's own nginx with the sandbox host's folder as its root.
exec ${program} -e "${folder}/var/log/nginx/error.log" -p "${folder}" -c "${folder}/etc/nginx/nginx.conf" "$@"
`;

/** Debian's nginx; undefined when it is not installed. */
export function nginxProgram(): string | undefined {
  const folders = ["/usr/sbin", ...(process.env["PATH"] ?? "").split(":")];
  return folders.map((folder) => join(folder, "nginx")).find((file) => existsSync(file));
}

/** Puts the programs into the host and answers them until closed. */
export function installShims(
  folder: string,
  programs: Record<string, (given: string[]) => Promise<Said>>,
  hurry: number,
): { close(): void } {
  const sbin = join(folder, "usr/local/sbin");
  const box = join(folder, BOX);
  for (const each of [sbin, box, join(folder, "var/log/nginx")]) mkdirSync(each, { recursive: true });
  for (const program of Object.keys(programs))
    writeFileSync(join(sbin, program), asking(program), { mode: 0o755 });
  writeFileSync(join(sbin, "sleep"), sleep(hurry), { mode: 0o755 });
  const real = nginxProgram();
  if (real) writeFileSync(join(sbin, "nginx"), nginx(real, folder), { mode: 0o755 });

  const answer = async (name: string) => {
    const file = join(box, name);
    if (!name.endsWith(".request") || !existsSync(file)) return;
    const [program = "", ...given] = readFileSync(file, "utf8").split("\n").slice(0, -1);
    unlinkSync(file);
    const { code, text } = await programs[program]!(given);
    const reply = file.replace(/\.request$/, "");
    writeFileSync(`${reply}.ready`, `${code}\n${text}`);
    renameSync(`${reply}.ready`, `${reply}.reply`);
  };
  const watcher = watch(box, (_, name) => {
    if (name) void answer(name);
  });
  return watcher;
}
