import { PATTERNS, type VettedDocument } from "./document.ts";
import { ACTIVATE, COMMON } from "./shell.ts";

/** As the owner of the working copy: git trusts nobody else's, and files stay theirs. No hook of the repository runs. */
const GIT = `
folder='{{ folder }}'
owner=$(stat -c %U ".$folder") || exit 3
as_owner() { if [ "$(id -u)" = 0 ] && [ "$owner" != root ]; then runuser -u "$owner" -- "$@"; else "$@"; fi; }
g() { as_owner git -C ".$folder" -c core.hooksPath=/dev/null "$@"; }
`;

/** Which commit a working copy has, and which one a reference means. */
export const codeRead: VettedDocument = {
  name: "code-read",
  description:
    "The commit of a working copy, its local changes, and what a reference means in it. Changes nothing.",
  parameters: {
    folder: { description: "the working copy", allowedPattern: PATTERNS.path },
    ref: { description: "branch, tag or commit to go back to", allowedPattern: PATTERNS.ref },
    unit: { description: "unit whose state is asked, or -", allowedPattern: PATTERNS.unit },
  },
  timeoutSeconds: 30,
  script: `
set -u
${GIT}
ref='{{ ref }}' unit='{{ unit }}'
echo "commit $(g rev-parse --verify --quiet HEAD || echo missing)"
echo "branch $(g symbolic-ref --quiet --short HEAD || echo -)"
echo "changes $(g status --porcelain --untracked-files=no | wc -l)"
# A version may be tagged as it is, or with a v before it.
echo "target $(g rev-parse --verify --quiet "$ref^{commit}" || g rev-parse --verify --quiet "v$ref^{commit}" || echo missing)"
[ "$unit" = - ] || echo "unit $(systemctl is-active "$unit" 2>&1 | head -n 1)"
`,
};

/** Checks out a commit, installs exactly what its lock file says, and restarts the service. */
export const codeWrite: VettedDocument = {
  name: "code-write",
  description:
    "Puts a working copy back to a commit if it is at the one preflight found, and restarts its service.",
  parameters: {
    folder: { description: "the working copy", allowedPattern: PATTERNS.path },
    before: { description: "commit that must be there", allowedPattern: PATTERNS.commit },
    after: { description: "commit that will be there", allowedPattern: PATTERNS.commit },
    branch: { description: "branch to be on afterwards, or -", allowedPattern: PATTERNS.ref },
    token: { description: "digest of run and step", allowedPattern: PATTERNS.token },
    direction: { description: "apply or undo", allowedPattern: PATTERNS.direction },
    install: { description: "how dependencies are installed", allowedPattern: PATTERNS.install },
    activate: { description: "how the service is told", allowedPattern: PATTERNS.activate },
    unit: { description: "unit or compose service, or -", allowedPattern: PATTERNS.unit },
  },
  timeoutSeconds: 600,
  script: `
${COMMON}
${GIT}
before='{{ before }}' after='{{ after }}' branch='{{ branch }}'
install='{{ install }}' activate='{{ activate }}' unit='{{ unit }}'
${ACTIVATE}
found=$(g rev-parse --verify --quiet HEAD || echo missing)
if never_begun && [ "$found" = "$after" ]; then echo "nothing was begun"; exit 0; fi
if [ "$found" != "$after" ]; then
  { [ "$found" = "$before" ] && ! never_begun; } || { echo "changed $folder $found"; exit 3; }
  g cat-file -e "$after^{commit}" || { echo "changed $folder without $after"; exit 3; }
  begin
  # Changes made on the host by hand are kept as a stash, and come back with an undo.
  if ! g diff --quiet HEAD; then g stash push --quiet --message "watchdog-$token" || exit 6; echo "stashed local changes"; fi
  if [ "$branch" != - ] && [ "$(g rev-parse --verify --quiet "refs/heads/$branch")" = "$after" ]; then
    g checkout --quiet "$branch" || exit 6
  else
    g checkout --quiet --detach "$after" || exit 6
  fi
  echo "checked out $after"
fi
begin
finished && exit 0
if [ "$direction" = undo ]; then
  stash=$(g stash list --format='%gd %s' | grep -F "watchdog-$token" | cut -d' ' -f1)
  if [ -n "$stash" ] && g diff --quiet HEAD; then g stash apply --quiet "$stash" || exit 6; fi
fi
if [ "$install" = npm-ci ]; then (cd ".$folder" && as_owner npm ci --no-audit --no-fund) || exit 6; fi
if [ "$activate" = compose ]; then docker compose --project-directory ".$folder" build "$unit" || exit 6; fi
bring_up || { echo "$unit did not come up"; exit 5; }
finish
`,
};
