/**
 * Shell that the writing documents share. Exit codes are read by the action:
 *  3  something is not what preflight found; nothing was changed
 *  4  nginx -t refused the files; all of them were put back
 *  5  the files are there, and the service did not come up with them
 *  6  a command failed half way; calling the document again goes on
 *  75 another command holds this host's lock
 */
export const COMMON = `
set -u
umask 077
token='{{ token }}'
direction='{{ direction }}'
notes=./var/lib/rollback-watchdog/$token
exec 9> ./run/lock/rollback-watchdog.lock || exit 6
flock -w 45 9 || { echo "another command of the watchdog runs on this host"; exit 75; }
sum() { line=$(sha256sum < "$1") && echo "\${line%% *}"; }
# What was never begun needs no undoing.
never_begun() { [ "$direction" = undo ] && [ ! -e "$notes/begun" ]; }
begin() { mkdir -p "$notes" && touch "$notes/begun" || exit 6; }
finished() { [ -e "$notes/$direction-done" ]; }
finish() { mkdir -p "$notes" && touch "$notes/$direction-done" || exit 6; }
`;

/** Brings the service up with what is there now, and waits until it is up. `activate`, `unit` and `folder` are set. */
export const ACTIVATE = `
is_up() {
  if [ "$activate" = compose ]; then
    docker compose --project-directory ".$folder" ps --status running --services | grep -qx "$unit"
  else
    systemctl is-active "$unit" > /dev/null 2>&1
  fi
}
bring_up() {
  case $activate in
    none) return 0 ;;
    compose) docker compose --project-directory ".$folder" up -d --no-deps --no-build --pull never --force-recreate "$unit" || return 1 ;;
    *) systemctl "$activate" "$unit" || return 1 ;;
  esac
  # Up twice in a row: a service that dies at once is not up.
  up=0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if is_up; then up=$((up + 1)); else up=0; fi
    [ "$up" -ge 2 ] && return 0
    sleep 0.5
  done
  return 1
}
`;
