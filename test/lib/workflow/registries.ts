import { z } from "zod";
import {
  type ActionSpec,
  type CheckSpec,
  defineAction,
  defineCheck,
  type Effect,
} from "../../../lambdas/runtime/spec.ts";
import type { Registries } from "../../../lib/plan/registries.ts";
import type { Bindings } from "../../../lib/workflow/context.ts";

function action(kind: string, effect: Effect, more: Partial<ActionSpec> = {}): ActionSpec {
  return {
    ...defineAction({
      kind,
      summary: `A ${kind} for tests`,
      input: z.strictObject({ target: z.string().optional() }),
      before: z.strictObject({ id: z.string() }),
      outputs: z.strictObject({
        id: z.string(),
        endpoint: z.strictObject({ address: z.string(), port: z.int() }).optional(),
      }),
      effect,
      revertible: true,
      timing: { timeoutSeconds: 600, pollSeconds: 30 },
      permissions: () => ({ read: [], write: [] }),
      touches: () => [],
      clients: [],
      runbooks: [],
      docs: [],
    }),
    ...more,
  };
}

const probe: CheckSpec = defineCheck({
  kind: "probe",
  summary: "A check for tests",
  input: z.strictObject({ target: z.string().optional() }),
  timeoutSeconds: 10,
  permissions: () => [],
  clients: [],
  runbooks: [],
  docs: [],
});

/** Two kinds of action and one of check, of no product. */
export const registries: Registries = {
  actions: { make: action("make", "creates"), point: action("point", "switches") },
  checks: { probe },
};

const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}:1`;

export const bindings: Bindings = {
  handlers: {
    admit: arn("admit"),
    decide: arn("decide"),
    compare: arn("compare"),
    recall: arn("recall"),
    announce: arn("announce"),
    report: arn("report"),
    release: arn("release"),
    approval: arn("approval"),
    redeploy: arn("redeploy"),
  },
  actions: {
    make: { read: arn("make-read"), write: arn("make-write") },
    point: { read: arn("point-read"), write: arn("point-write") },
  },
  checks: { probe: arn("probe") },
  planned: {
    preflight: arn("preflight"),
    expected: ["make", "point"].flatMap((kind) =>
      (["read", "write", "revert"] as const).map((as) => ({
        of: kind,
        as,
        roleArn: `arn:aws:iam::123456789012:role/${kind}`,
        actions: [`shop:${kind}`],
        resources: ["*"],
      })),
    ),
  },
  escalation: "arn:aws:states:eu-west-1:123456789012:stateMachine:shop-escalation",
  hold: "arn:aws:states:eu-west-1:123456789012:stateMachine:shop-redeploy-hold",
};

/** Bindings for every kind of any registry. */
export function bindingsFor({ actions, checks }: Registries): Bindings {
  return {
    handlers: bindings.handlers,
    actions: Object.fromEntries(
      Object.keys(actions).map((kind) => [kind, { read: arn(`${kind}-read`), write: arn(`${kind}-write`) }]),
    ),
    checks: Object.fromEntries(Object.keys(checks).map((kind) => [kind, arn(kind)])),
    escalation: bindings.escalation!,
  };
}
