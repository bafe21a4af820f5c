import type { Principal } from "../../service.ts";
import type { World } from "../../world.ts";

/** The ARN under which a caller appears in CloudTrail and in AccessDenied messages. */
export function callerArn(world: World, principal: Principal): string {
  if (principal.type === "admin") return `arn:aws:iam::${world.account}:user/administrator`;
  if (principal.type === "service") return principal.service;
  if (principal.type === "anonymous") return "anonymous";
  const role = principal.roleArn.split("/").at(-1);
  return `arn:aws:sts::${world.account}:assumed-role/${role}/${principal.sessionName}`;
}
