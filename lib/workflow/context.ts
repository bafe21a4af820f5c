import type { ExpectedPermission } from "../../lambdas/runtime/protocol.ts";
import type { Registries } from "../plan/registries.ts";
import type { Plan } from "../plan/schema.ts";
import type { Task } from "./asl.ts";
import type { Names } from "./names.ts";
import { readRetry } from "./retry.ts";

/** ARNs of the functions that the states call: published versions, CDK tokens or plain strings. */
export interface Bindings {
  handlers: {
    admit: string;
    decide: string;
    announce: string;
    report: string;
    release: string;
    /** Needed by a plan that says what would be worse. */
    compare?: string;
    /** Needed by a plan that names approvers. */
    approval?: string;
    /** Needed to take a rollback back. */
    recall?: string;
    /** Needed by a plan that has a ramp. */
    redeploy?: string;
  };
  /** Kind → the function under the read-only role (preflight, poll) and the one under the write role (apply, revert). */
  actions: Record<string, { read: string; write: string }>;
  /** Kind → function. */
  checks: Record<string, string>;
  /**
   * The function `preflight`, and what the roles of the stack must be allowed: with them a dry run shows its calls, and
   * without them its changes alone.
   */
  planned?: { preflight: string; expected: ExpectedPermission[] };
  /** ARN of the escalation ladder's state machine, for a plan that has one. */
  escalation?: string;
  /** ARN of the state machine that holds a step of the ramp, for a plan that has one. */
  hold?: string;
  /** Trigger id → name of its alarm; `<service>-<trigger>` for those not given. */
  alarms?: Record<string, string>;
  /** `aws` unless told otherwise; may be a token. */
  partition?: string;
}

/** What the parts of the compiler share. */
export interface Context {
  plan: Plan;
  registries: Registries;
  bindings: Bindings;
  names: Names;
}

/** The stack gave no function for something the plan uses; a mistake of the stack, not of the plan. */
export class MissingBinding extends Error {
  readonly kind: string;

  constructor(what: "action" | "check" | "handler", kind: string) {
    super(
      `The workflow needs a function for the ${what} "${kind}", and the bindings have none. Nothing was compiled. Add bindings.${what}s["${kind}"].`,
    );
    this.name = "MissingBinding";
    this.kind = kind;
  }
}

/** A handler that only some plans need. */
export function handlerBinding({ bindings }: Context, name: keyof Bindings["handlers"]): string {
  const found = bindings.handlers[name];
  if (found === undefined) throw new MissingBinding("handler", name);
  return found;
}

export function actionBinding({ bindings }: Context, kind: string): { read: string; write: string } {
  const found = bindings.actions[kind];
  if (!found) throw new MissingBinding("action", kind);
  return found;
}

export function checkBinding({ bindings }: Context, kind: string): string {
  const found = bindings.checks[kind];
  if (!found) throw new MissingBinding("check", kind);
  return found;
}

/** A Task that calls a function with a payload and waits for its answer, under `$states.result.Payload`. */
export function invoke(
  { bindings }: Context,
  functionArn: string,
  payload: unknown,
  {
    timeoutSeconds,
    ...rest
  }: { timeoutSeconds: number | string } & Omit<
    Partial<Task>,
    "Type" | "Resource" | "Arguments" | "TimeoutSeconds"
  >,
): Task {
  return {
    Type: "Task",
    Resource: `arn:${bindings.partition ?? "aws"}:states:::lambda:invoke`,
    Arguments: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: timeoutSeconds,
    Retry: readRetry(),
    ...rest,
  };
}
