import { type Call, type Service, ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";
import { contextOf } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { callerArn } from "./principal.ts";

/** One decision, for the invariant "calls made ⊆ actions granted, and none granted that nothing uses". */
export interface AuthorizationRecord {
  /** ARN of the role, or the name of the service. */
  principal: string;
  action: string;
  resource: string;
  allowed: boolean;
}

/** Services whose AccessDenied is spelled the XML way; the JSON services append `Exception`, two have their own. */
const DENIAL_CODES: Record<string, string> = {
  sns: "AuthorizationErrorException",
  ec2: "UnauthorizedOperation",
};
const XML_SERVICES = new Set(["cloudfront", "rds", "route53", "s3", "sts", "iam", "monitoring"]);

/** Where decisions are recorded once somebody asked for it. */
const recording = stateOf((): { list: AuthorizationRecord[] | undefined } => ({ list: undefined }));

/** Puts IAM in front of every call of this world that is not the administrator's. */
export function installIam(world: World): void {
  world.authorizer = (service, operationName, input, call) => {
    const operation = service.operations[operationName];
    for (const needed of operation?.authorize(input as never, call) ?? []) {
      const context = contextOf(needed, call);
      for (const resource of needed.resources) {
        const verdict = evaluate(service, needed.action, resource, context, call);
        const allowed = verdict.decision === "allowed";
        recording(world).list?.push({ principal: nameOf(call), action: needed.action, resource, allowed });
        if (verdict.decision !== "allowed") throw denied(service, needed.action, resource, call, verdict.why);
      }
    }
  };
}

/** Records every decision from now on; the returned function gives them. */
export function recordAuthorizations(world: World): () => AuthorizationRecord[] {
  const state = recording(world);
  state.list ??= [];
  const list = state.list;
  return () => list;
}

const nameOf = ({ principal, world }: Call) =>
  principal.type === "role" ? principal.roleArn : callerArn(world, principal);

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
  // AWS names no resource for an action that has no resource types.
  const where = resource === "*" ? "" : ` on resource: ${resource}`;
  return new ServiceException(code, `User: ${who} is not authorized to perform: ${action}${where} ${why}`, {
    status: 403,
  });
}
