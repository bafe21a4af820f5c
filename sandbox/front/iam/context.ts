import type { Authorization, Call } from "../../service.ts";
import type { RequestContext } from "./pattern.ts";
import { callerArn, principalTags } from "./principal.ts";

/** `aws:PrincipalType` of whoever calls. */
const PRINCIPAL_TYPES = {
  admin: "AssumedRole",
  role: "AssumedRole",
  service: "AWSService",
  anonymous: "Anonymous",
} as const;

/**
 * The global condition keys of a call plus those that the operation gave
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 * The front door speaks plain HTTP on the loopback, where the sandbox stands in for AWS's TLS endpoints: hence
 * `aws:SecureTransport` is true.
 */
export function contextOf(needed: Authorization, call: Call): RequestContext {
  const { principal, world, account } = call;
  const now = world.clock.now();
  const service = principal.type === "service";
  const context: RequestContext = new Map([
    ["aws:currenttime", [new Date(now).toISOString()]],
    ["aws:epochtime", [String(Math.floor(now / 1000))]],
    ["aws:principalaccount", [account]],
    ["aws:principalarn", [principal.type === "role" ? principal.roleArn : callerArn(world, principal)]],
    ["aws:principalisawsservice", [String(service)]],
    ["aws:principaltype", [PRINCIPAL_TYPES[principal.type]]],
    ["aws:requestedregion", [call.region]],
    ["aws:resourceaccount", [account]],
    ["aws:securetransport", ["true"]],
    ["aws:sourceip", ["127.0.0.1"]],
    ["aws:viaawsservice", ["false"]],
  ]);
  if (principal.type === "service") {
    context.set("aws:principalservicename", [principal.service]);
    context.set("aws:sourceaccount", [account]);
    if (principal.sourceArn) context.set("aws:sourcearn", [principal.sourceArn]);
  }
  if (principal.type === "role")
    for (const { Key, Value } of principalTags(world, principal))
      context.set(`aws:principaltag/${Key.toLowerCase()}`, [Value]);
  for (const [key, value] of Object.entries(needed.context ?? {}))
    context.set(key.toLowerCase(), [value].flat());
  return context;
}
