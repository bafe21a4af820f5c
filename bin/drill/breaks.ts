import { functionPool } from "../../sandbox/engines/functions/index.ts";
import { addFault, type Fault, type Harm } from "../../sandbox/faults.ts";
import type { CallRequest, World } from "../../sandbox/world.ts";

/** What a drill breaks beside the service: a call that the plan's own roles make to AWS. */
export interface Break {
  kind: BreakKind;
  service: string;
  operation: string;
  /** As it was written: `deny:rds:CreateDBSnapshot`. */
  text: string;
}

/** Ways in which AWS answers badly, or the machine under a function does. */
export const BREAKS = {
  throttle: "the first five calls are turned away as too many",
  deny: "every call is denied, as by a policy that somebody changed",
  fail: "every call ends in an error of AWS's own",
  hang: "the first call is answered an hour late",
  "lose-reply": "the first call is done, and its answer never arrives",
  kill: "the function is killed right before its first call",
  "kill-after": "the function is killed right after its first call",
} as const;

export type BreakKind = keyof typeof BREAKS;

/** The syntax, for help and for errors. */
export const BREAK_SYNTAX = `WHAT:SERVICE:OPERATION, WHAT being one of ${Object.keys(BREAKS).join(", ")}`;

/** `deny:rds:CreateDBSnapshot` → a break. Throws with what may be written instead. */
export function breakOf(text: string): Break {
  const [kind = "", service = "", operation = "", ...rest] = text.split(":");
  if (!Object.hasOwn(BREAKS, kind) || service === "" || operation === "" || rest.length > 0)
    throw new Error(
      `"${text}" is nothing that a drill can break. Nothing was started. Write ${BREAK_SYNTAX}; for example deny:rds:CreateDBSnapshot.`,
    );
  return { kind: kind as BreakKind, service, operation, text };
}

/** A break at work. */
export interface Broken {
  break: Break;
  /** Calls that it has met. */
  met(): number;
}

/** Throws for a call that the sandbox does not know: a drill of it would show nothing. */
export function mustBeKnown(world: World, breaks: Break[]): void {
  for (const { service, operation, text } of breaks) {
    const operations = world.services.get(service)?.operations;
    if (!operations)
      throw new Error(
        `"${text}": the sandbox has no service ${service}. It has ${[...world.services.keys()].join(", ")}.`,
      );
    if (!Object.hasOwn(operations, operation))
      throw new Error(`"${text}": the sandbox's ${service} has no operation ${operation}.`);
  }
}

/** Breaks calls of roles from now on. */
export function breakCalls(world: World, breaks: Break[]): Broken[] {
  mustBeKnown(world, breaks);
  return breaks.map((each) => {
    let met = 0;
    // The last matcher that is asked: by then service, operation and principal fit.
    const counted: Fault["input"] = () => {
      met += 1;
      return true;
    };
    addFault(world, { ...faultOf(world, each), input: counted });
    return { break: each, met: () => met };
  });
}

function faultOf(world: World, { kind, service, operation }: Break): Fault {
  const call = { service, operation, principal: byRole };
  const kill = ({ principal }: CallRequest) =>
    // A function's session has its name.
    principal.type === "role" ? functionPool(world).crash(principal.sessionName) : undefined;
  const once = (harm: Harm): Fault => ({ ...call, nth: 1, harm });
  switch (kind) {
    case "throttle":
      return { ...call, nth: [1, 2, 3, 4, 5], harm: { kind: "throttle" } };
    case "deny":
      return {
        ...call,
        harm: {
          kind: "error",
          code: "AccessDenied",
          status: 403,
          message: `not authorized to perform: ${service}:${operation} (denied by the drill)`,
        },
      };
    case "fail":
      return { ...call, harm: { kind: "error", code: "InternalFailure", status: 500 } };
    case "hang":
      return once({ kind: "delay", seconds: 3600 });
    case "lose-reply":
      return once({ kind: "lose-reply" });
    case "kill":
      return once({ kind: "kill", when: "before", kill });
    case "kill-after":
      return once({ kind: "kill", when: "after", kill });
  }
}

const byRole: Fault["principal"] = (principal) => principal.type === "role";
