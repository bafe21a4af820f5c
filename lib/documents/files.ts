import { PATTERNS, type VettedDocument } from "./document.ts";
import { ACTIVATE, COMMON } from "./shell.ts";

/** Which files are there: their SHA-256 and nothing of their content. */
export const filesRead: VettedDocument = {
  name: "files-read",
  description: "SHA-256 of files and of the copies they would go back to. Changes nothing.",
  parameters: {
    pairs: {
      description: "path:source, several apart by a space",
      allowedPattern: PATTERNS.pairs,
    },
    unit: { description: "unit whose state is asked, or -", allowedPattern: PATTERNS.unit },
  },
  timeoutSeconds: 30,
  script: `
set -u
state() {
  if [ -f "$1" ]; then line=$(sha256sum < "$1") && echo "file \${1#.} \${line%% *}"; else echo "file \${1#.} missing"; fi
}
for pair in {{ pairs }}; do
  state ".\${pair%%:*}"
  state ".\${pair#*:}"
done
unit='{{ unit }}'
[ "$unit" = - ] || echo "unit $(systemctl is-active "$unit" 2>&1 | head -n 1)"
`,
};

/**
 * Puts copies in the place of files, all or none. Judges every file before it touches the first; what was there is kept
 * beside it as \`<path>.watchdog-<token>\`. nginx tests the whole before it is loaded.
 */
export const filesWrite: VettedDocument = {
  name: "files-write",
  description:
    "Puts copies in the place of files if both are what preflight found; what was there is kept beside.",
  parameters: {
    replacements: {
      description: "path:source:sha256 before:sha256 after, several apart by a space",
      allowedPattern: PATTERNS.replacements,
    },
    token: { description: "digest of run and step", allowedPattern: PATTERNS.token },
    direction: { description: "apply or undo", allowedPattern: PATTERNS.direction },
    test: { description: "test before the service is told", allowedPattern: PATTERNS.test },
    activate: { description: "how the service is told", allowedPattern: PATTERNS.activate },
    unit: { description: "unit or compose service, or -", allowedPattern: PATTERNS.unit },
    folder: { description: "the compose project's folder", allowedPattern: PATTERNS.path },
  },
  timeoutSeconds: 300,
  script: `
${COMMON}
test='{{ test }}' activate='{{ activate }}' unit='{{ unit }}' folder='{{ folder }}'
${ACTIVATE}
split() {
  IFS=:; set -- $1; unset IFS
  path=.$1 from=.$2 before=$3 after=$4 kept=.$1.watchdog-$token
  [ "$direction" = apply ] || kept=$kept-undone
}
now() { if [ -f "$1" ]; then sum "$1"; else echo missing; fi; }
# Owner and mode stay those of the file; the change itself is one rename.
put() { cp -p "$2" "$2.watchdog-new" && cat "$1" > "$2.watchdog-new" && mv -f "$2.watchdog-new" "$2"; }
put_all_back() {
  for each in {{ replacements }}; do
    split "$each"
    if [ -e "$kept" ] && [ "$(now "$path")" != "$before" ]; then put "$kept" "$path"; fi
  done
}

for each in {{ replacements }}; do
  split "$each"
  found=$(now "$path")
  [ "$found" = "$after" ] && continue
  [ "$found" = "$before" ] || { echo "changed \${path#.} $found"; exit 3; }
  found=$(now "$from")
  [ "$found" = "$after" ] || { echo "changed \${from#.} $found"; exit 3; }
done
if never_begun; then echo "nothing was begun"; exit 0; fi
begin
for each in {{ replacements }}; do
  split "$each"
  [ "$(now "$path")" = "$after" ] && continue
  if [ ! -e "$kept" ]; then { cp -p "$path" "$kept.part" && mv "$kept.part" "$kept"; } || exit 6; fi
  put "$from" "$path" || { put_all_back; exit 6; }
  echo "replaced \${path#.}"
done
finished && exit 0
if [ "$test" = nginx ] && ! said=$(nginx -t 2>&1); then
  echo "$said" >&2
  if [ "$direction" = apply ]; then put_all_back; echo "nginx -t refused it; everything was put back"; exit 4; fi
  # What was there before was broken already: it is back, and nginx goes on with what it has loaded.
  echo "nginx -t refuses what was there before; it is back and was not loaded"; finish; exit 0
fi
bring_up || { echo "$unit did not come up"; exit 5; }
finish
`,
};
