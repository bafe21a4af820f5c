import type { Call, Principal, Service } from "../../service.ts";
import { boundaryOf, policiesOf } from "../../services/iam/state.ts";
import type { World } from "../../world.ts";
import type { RequestContext } from "./pattern.ts";
import {
  type CompiledStatement,
  type PolicyDocument,
  type PolicyPrincipal,
  statementsFor,
} from "./policy.ts";
import { callerArn } from "./principal.ts";

/** What IAM decided about one action on one resource, and why not in AWS's own words. */
export type Verdict =
  | { decision: "allowed" }
  | { decision: "explicitDeny"; why: string }
  | { decision: "implicitDeny"; why: string };

const explicit = (where: string): Verdict => ({
  decision: "explicitDeny",
  why: `with an explicit deny in ${where}`,
});
const implicit = (where: string, action: string): Verdict => ({
  decision: "implicitDeny",
  why: `because no ${where} allows the ${action} action`,
});

/** What matching statements say together. */
function effectOf(
  statements: CompiledStatement[],
  resource: string,
  context: RequestContext,
): "Deny" | "Allow" | undefined {
  let allowed = false;
  for (const each of statements) {
    if (!each.holds(resource, context)) continue;
    if (each.effect === "Deny") return "Deny";
    allowed = true;
  }
  return allowed ? "Allow" : undefined;
}

/** What a role's own policies and its permissions boundary say. */
export function identityVerdict(
  world: World,
  roleArn: string,
  action: string,
  resource: string,
  context: RequestContext,
): Verdict {
  const statements = policiesOf(world, roleArn).flatMap((document) => statementsFor(document, action));
  const own = effectOf(statements, resource, context);
  if (own === "Deny") return explicit("an identity-based policy");
  const boundary = boundaryOf(world, roleArn);
  if (boundary) {
    const inside = effectOf(statementsFor(boundary, action), resource, context);
    if (inside === "Deny") return explicit("a permissions boundary");
    if (inside === undefined) return implicit("permissions boundary", action);
  }
  return own === "Allow" ? { decision: "allowed" } : implicit("identity-based policy", action);
}

/**
 * One decision, as AWS makes it inside one account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): an explicit Deny
 * anywhere wins; then a role needs an Allow from its own policies or from the resource's policy; a service needs one
 * from the resource's policy. Taking a role on always needs the consent of that role's trust policy.
 */
export function evaluate(
  service: Service,
  action: string,
  resource: string,
  context: RequestContext,
  call: Call,
): Verdict {
  const { principal, world } = call;
  const document = service.resourcePolicy?.(world, resource) as PolicyDocument | undefined;
  const statements = document ? statementsFor(document, action) : [];
  const named = statements.map((each) => [each, reach(each, principal, call)] as const);
  const about = (wanted: (reach: Reach) => boolean) =>
    named.filter(([, how]) => wanted(how)).map(([each]) => each);
  if (
    effectOf(
      about((how) => how !== "not"),
      resource,
      context,
    ) === "Deny"
  )
    return explicit("a resource-based policy");
  // A statement for the whole account leaves the decision to the account's IAM.
  const granted =
    effectOf(
      about((how) => how === "named"),
      resource,
      context,
    ) === "Allow";
  if (principal.type !== "role")
    return granted ? { decision: "allowed" } : implicit("resource-based policy", action);
  const own = identityVerdict(world, principal.roleArn, action, resource, context);
  if (own.decision === "explicitDeny" || granted)
    return own.decision === "explicitDeny" ? own : { decision: "allowed" };
  if (
    (action === "sts:AssumeRole" || action === "sts:TagSession") &&
    effectOf(
      about((how) => how === "account"),
      resource,
      context,
    ) !== "Allow"
  )
    return implicit("resource-based policy", action);
  return own;
}

/** Whether a statement of a resource policy is about the caller: by name, through its account, or not at all. */
type Reach = "named" | "account" | "not";

function reach(statement: CompiledStatement, principal: Principal, call: Call): Reach {
  if (statement.notPrincipal !== undefined)
    return reachOf(statement.notPrincipal, principal, call) === "not" ? "named" : "not";
  return statement.principal === undefined ? "not" : reachOf(statement.principal, principal, call);
}

function reachOf(named: PolicyPrincipal, principal: Principal, call: Call): Reach {
  if (named === "*") return "named";
  const values = (key: string) => [named[key] ?? []].flat();
  // {"AWS": "*"} is the same as "*": everyone, AWS's services too.
  if (values("AWS").includes("*")) return "named";
  if (principal.type === "service")
    return values("Service").some((each) => each === principal.service || each === "*") ? "named" : "not";
  const arns = values("AWS");
  const own = principal.type === "role" ? principal.roleArn : "";
  if (arns.some((each) => each === "*" || each === own || each === callerArn(call.world, principal)))
    return "named";
  return arns.some((each) => each === call.account || each === `arn:aws:iam::${call.account}:root`)
    ? "account"
    : "not";
}
