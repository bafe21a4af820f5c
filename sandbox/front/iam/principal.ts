import type { Principal } from "../../service.ts";
import { roleAt } from "../../services/iam/state.ts";
import type { World } from "../../world.ts";

/** The ARN under which a caller appears in CloudTrail and in AccessDenied messages. */
export function callerArn(world: World, principal: Principal): string {
  if (principal.type === "admin") return `arn:aws:iam::${world.account}:user/administrator`;
  if (principal.type === "service") return principal.service;
  if (principal.type === "anonymous") return "anonymous";
  const role = principal.roleArn.split("/").at(-1);
  return `arn:aws:sts::${world.account}:assumed-role/${role}/${principal.sessionName}`;
}

/** The role's own tags, and over them those of the session: a key is the same in any case. */
export function principalTags(
  world: World,
  { roleArn, tags = {} }: Extract<Principal, { type: "role" }>,
): { Key: string; Value: string }[] {
  const session = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const given = new Set(session.map(({ Key }) => Key.toLowerCase()));
  const own = roleAt(world, roleArn)?.tags ?? [];
  return [...own.filter(({ Key }) => !given.has(Key.toLowerCase())), ...session];
}
