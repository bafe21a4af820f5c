import { type Authorization, type Call, type Service, ServiceException } from "../../service.ts";
import { policiesOf } from "../../services/iam/state.ts";
import type { World } from "../../world.ts";
import {
  type CompiledStatement,
  compilePolicy,
  type PolicyDocument,
  type PolicyStatement,
  type RequestContext,
} from "./policy.ts";
import { callerArn } from "./principal.ts";

/** One decision, for the invariant "calls made ⊆ actions granted, and none granted that nothing uses". */
export interface AuthorizationRecord {
  /** Role or service. */
  principal: string;
  action: string;
  resource: string;
  allowed: boolean;
}

/** Services whose AccessDenied is spelled the XML way; the JSON services append `Exception`, SNS has its own. */
const DENIAL_CODES: Record<string, string> = { sns: "AuthorizationErrorException" };
const XML_SERVICES = new Set(["rds", "route53", "s3", "sts", "iam", "monitoring", "ec2"]);

/** Puts IAM in front of every call of this world that is not the administrator's. */
export function installIam(world: World): void {
  const compiled = new WeakMap<object, CompiledStatement[]>();
  const statementsOf = (document: PolicyDocument) => {
    let found = compiled.get(document);
    if (!found) {
      found = compilePolicy(document);
      compiled.set(document, found);
    }
    return found;
  };

  world.authorizer = (service, operationName, input, call) => {
    const operation = service.operations[operationName]!;
    for (const needed of operation.authorize(input as never, call)) {
      for (const resource of needed.resources) {
        const verdict = evaluate(service, needed, resource, call, statementsOf);
        records.get(world)?.push({
          principal:
            call.principal.type === "role" ? call.principal.roleArn : callerArn(world, call.principal),
          action: needed.action,
          resource,
          allowed: verdict === undefined,
        });
        if (verdict !== undefined) throw denied(service, needed.action, resource, call, verdict);
      }
    }
  };
}

const records = new WeakMap<World, AuthorizationRecord[]>();

/** Records every decision from now on; the returned function gives them. */
export function recordAuthorizations(world: World): () => AuthorizationRecord[] {
  const list = records.get(world) ?? [];
  records.set(world, list);
  return () => list;
}

/** undefined when allowed, else why not, in AWS's words. */
function evaluate(
  service: Service,
  needed: Authorization,
  resource: string,
  call: Call,
  statementsOf: (document: PolicyDocument) => CompiledStatement[],
): string | undefined {
  const context = contextOf(needed, call);
  const { principal, world } = call;
  const identity =
    principal.type === "role" ? policiesOf(world, principal.roleArn).flatMap(statementsOf) : [];
  const resourcePolicy = service.resourcePolicy?.(world, resource) as PolicyDocument | undefined;
  const onResource = resourcePolicy
    ? statementsOf(resourcePolicy).filter((each) => appliesTo(each.principal, call))
    : [];
  const matches = (statement: CompiledStatement) => statement.matches(needed.action, resource, context);
  const deniedBy = identity.some((each) => each.effect === "Deny" && matches(each))
    ? "an identity-based policy"
    : onResource.some((each) => each.effect === "Deny" && matches(each))
      ? "a resource-based policy"
      : undefined;
  if (deniedBy) return `with an explicit deny in ${deniedBy}`;
  if ([...identity, ...onResource].some((each) => each.effect === "Allow" && matches(each))) return undefined;
  return principal.type === "role"
    ? `because no identity-based policy allows the ${needed.action} action`
    : `because no resource-based policy allows the ${needed.action} action`;
}

function appliesTo(principal: PolicyStatement["Principal"], call: Call): boolean {
  if (principal === undefined) return false;
  if (principal === "*") return true;
  const caller = call.principal;
  const values = (key: string) => [principal[key] ?? []].flat();
  if (caller.type === "service")
    return values("Service").some((each) => each === caller.service || each === "*");
  if (values("AWS").includes("*")) return true;
  if (caller.type !== "role") return false;
  const account = call.account;
  return values("AWS").some((each) =>
    [caller.roleArn, callerArn(call.world, caller), account, `arn:aws:iam::${account}:root`].includes(each),
  );
}

/** Global condition keys plus those of the request. */
function contextOf(needed: Authorization, call: Call): RequestContext {
  const { principal, world, account } = call;
  const context: RequestContext = new Map([
    ["aws:principalaccount", [account]],
    ["aws:requestedregion", [call.region]],
    ["aws:securetransport", ["true"]],
    ["aws:currenttime", [new Date(world.clock.now()).toISOString()]],
    ["aws:principalarn", [principal.type === "role" ? principal.roleArn : callerArn(world, principal)]],
    ["aws:principalisawsservice", [String(principal.type === "service")]],
    ["aws:resourceaccount", [account]],
  ]);
  if (principal.type === "service") {
    context.set("aws:sourceaccount", [account]);
    if (principal.sourceArn) {
      context.set("aws:sourcearn", [principal.sourceArn]);
    }
  }
  for (const [key, value] of Object.entries(needed.context ?? {}))
    context.set(key.toLowerCase(), [value].flat());
  return context;
}

function denied(
  service: Service,
  action: string,
  resource: string,
  call: Call,
  why: string,
): ServiceException {
  const who = callerArn(call.world, call.principal);
  const code =
    DENIAL_CODES[service.name] ?? (XML_SERVICES.has(service.name) ? "AccessDenied" : "AccessDeniedException");
  return new ServiceException(
    code,
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    { status: 403 },
  );
}
