import { PATTERNS, type VettedDocument } from "./document.ts";
import { ACTIVATE, COMMON } from "./shell.ts";

/** Which image a name stands for on a host, and which one it would go back to. */
export const imageRead: VettedDocument = {
  name: "image-read",
  description: "The image ids that two names stand for on the host. Changes nothing.",
  parameters: {
    image: { description: "name and tag that the service runs", allowedPattern: PATTERNS.image },
    to: { description: "name and tag of the image to go back to", allowedPattern: PATTERNS.image },
  },
  timeoutSeconds: 30,
  script: `
set -u
id_of() { id=$(docker images --no-trunc --quiet "$1" | head -n 1) && echo "\${id:-missing}"; }
echo "image $(id_of '{{ image }}')"
echo "target $(id_of '{{ to }}')"
`,
};

/**
 * Gives a name to an earlier image that is on the host, and makes the compose service anew with it. Never pulls: a pull
 * after the name was moved would bring the bad image back.
 */
export const imageWrite: VettedDocument = {
  name: "image-write",
  description:
    "Gives an image's name to an earlier image of the host, and makes the compose service anew with it.",
  parameters: {
    image: { description: "name and tag that the service runs", allowedPattern: PATTERNS.image },
    before: { description: "image id that the name must stand for", allowedPattern: PATTERNS.imageId },
    after: { description: "image id that it will stand for", allowedPattern: PATTERNS.imageId },
    token: { description: "digest of run and step", allowedPattern: PATTERNS.token },
    direction: { description: "apply or undo", allowedPattern: PATTERNS.direction },
    unit: { description: "compose service", allowedPattern: PATTERNS.unit },
    folder: { description: "the compose project's folder", allowedPattern: PATTERNS.path },
  },
  timeoutSeconds: 300,
  script: `
${COMMON}
image='{{ image }}' before='{{ before }}' after='{{ after }}'
activate=compose unit='{{ unit }}' folder='{{ folder }}'
${ACTIVATE}
found=$(docker images --no-trunc --quiet "$image" | head -n 1)
if never_begun && [ "$found" = "$after" ]; then echo "nothing was begun"; exit 0; fi
if [ "$found" != "$after" ]; then
  { [ "$found" = "$before" ] && ! never_begun; } || { echo "changed $image \${found:-missing}"; exit 3; }
  docker image inspect "$after" > /dev/null 2>&1 || { echo "changed: the image $after is gone"; exit 3; }
  begin
  # A name of its own keeps the image from being pruned.
  docker tag "$before" "\${image%:*}:watchdog-$token" || exit 6
  docker tag "$after" "$image" || exit 6
  echo "$image is $after"
fi
begin
finished && exit 0
bring_up || { echo "$unit did not come up"; exit 5; }
finish
`,
};
