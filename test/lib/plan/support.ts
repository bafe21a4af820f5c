import { z } from "zod";
import {
  type ActionSpec,
  type CheckSpec,
  defineAction,
  defineCheck,
  type Effect,
} from "../../../lambdas/runtime/spec.ts";
import { loadPlan } from "../../../lib/plan/load.ts";
import type { PlanProblem } from "../../../lib/plan/problem.ts";
import type { Registries } from "../../../lib/plan/registries.ts";

const Database = z.strictObject({ instance: z.string().describe("instance identifier") });

function action<Input extends z.ZodType>(
  kind: string,
  effect: Effect,
  input: Input,
  more: Partial<ActionSpec> = {},
): ActionSpec {
  return {
    ...defineAction({
      kind,
      summary: `${kind} for tests`,
      input,
      before: z.strictObject({}),
      outputs: z.strictObject({ id: z.string() }),
      effect,
      revertible: true,
      timing: { timeoutSeconds: 600, pollSeconds: 30 },
      permissions: () => ({ read: [], write: [] }),
      touches: () => [],
      clients: [],
      runbooks: [],
      docs: ["https://example.org/docs"],
    }),
    ...more,
  } as ActionSpec;
}

const instanceOf = (input: unknown) => (input as { instance: string }).instance;
const instance = (input: unknown) => [{ type: "rds-instance", id: instanceOf(input) }];

const check = (kind: string, measuresUsers: boolean): CheckSpec =>
  defineCheck({
    kind,
    summary: `${kind} for tests`,
    input: z.strictObject({
      host: z.string().optional(),
      port: z.int().optional(),
      expect: z.string().default("up"),
      metric: z.record(z.string(), z.unknown()).optional(),
    }),
    timeoutSeconds: 10,
    permissions: () => [],
    proves: ({ host }) => (host === undefined ? [] : [{ type: "host", id: host }]),
    measuresUsers,
    clients: [],
    runbooks: [],
    docs: [],
  });

/** Kinds of every effect, of no product. */
export const registries: Registries = {
  actions: {
    "save-db": action("save-db", "backs-up", Database, { backsUp: instance }),
    "close-db": action("close-db", "fences", Database, { touches: instance }),
    "copy-db": action(
      "copy-db",
      "creates",
      z.strictObject({
        instance: z.string(),
        name: z.string().default("copy"),
        minutes: z.int().min(1).optional(),
      }),
      {
        outputs: z.strictObject({
          endpoint: z.strictObject({ address: z.string(), port: z.int() }),
          replicas: z.array(z.strictObject({ address: z.string() })).optional(),
        }),
        creates: (input) => [{ type: "rds-instance", id: (input as { name: string }).name }],
        practice: {
          makes: (input) => ({ type: "rds-instance", base: instanceOf(input) }),
          permissions: () => ({ read: [], write: [] }),
        },
      },
    ),
    "move-name": action(
      "move-name",
      "switches",
      z.strictObject({ value: z.string(), ttl: z.int().min(0).max(300).optional() }),
    ),
    "rewrite-db": action("rewrite-db", "overwrites", Database, { touches: instance }),
    "flip-flag": action("flip-flag", "overwrites", z.strictObject({ flag: z.string(), bakes: z.int() }), {
      timing: { timeoutSeconds: 300, pollSeconds: 5 },
      touches: (input) => [{ type: "feature-flag", id: (input as { flag: string }).flag }],
      keepsBefore: true,
      occupies: (input) => ({
        what: { type: "environment", id: "shop" },
        changing: 0,
        after: (input as { bakes: number }).bakes * 60,
      }),
    }),
    "burn-bridge": action("burn-bridge", "overwrites", z.strictObject({}), { revertible: false }),
  },
  checks: { ask: check("ask", true), peek: check("peek", false) },
};

/** A plan that keeps every rule; tests change its text. */
export const GOOD = `service: shop
triggers:
  - id: errors
    metric: { namespace: Shop, name: Errors, statistic: Average, period: 1m }
    threshold: "> 10"
    for: 2m
    missing: breaching
    decision: rollback
stages:
  - name: back up
    steps:
      - { id: save, action: save-db, with: { instance: shop-db } }
  - name: fence
    steps:
      - { id: close, action: close-db, with: { instance: shop-db } }
  - name: restore
    steps:
      - { id: restored-db, action: copy-db, with: { instance: shop-db, minutes: 5 } }
    checks:
      - { id: rows, check: peek, with: { host: "{% $steps.\`restored-db\`.endpoint.address %}", port: "{% $steps.\`restored-db\`.endpoint.port %}" } }
  - name: switch
    steps:
      - { id: name, action: move-name, with: { value: "{% $steps.\`restored-db\`.endpoint.address %}" } }
verify:
  - { id: health, check: ask }
watch:
  for: 30m
  every: 1m
  checks:
    - { id: errors-gone, check: ask }
objectives: { detect: 2m, restore: 15m, verified: 15m }
notify:
  email: [a@shop.example]
`;

/** The good plan with one piece of text exchanged; the piece must be there. */
export function changed(from: string, to: string, text = GOOD): string {
  if (!text.includes(from)) throw new Error(`the plan does not hold ${JSON.stringify(from)}`);
  return text.replace(from, to);
}

export function problemsOf(text: string): PlanProblem[] {
  return loadPlan({ file: "shop.yaml", text }, registries).problems;
}

/** `line:column reason → instead` of each problem. */
export function told(text: string): string[] {
  return problemsOf(text).map(
    ({ line, column, reason, instead }) => `${line}:${column} ${reason} → ${instead}`,
  );
}

/** Problems that a rule found. */
export function foundBy(rule: string, text: string): PlanProblem[] {
  return problemsOf(text).filter((problem) => problem.rule === rule);
}
