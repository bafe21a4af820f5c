import { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { addAccessEntries } from "./cluster-access.ts";
import { planDocument } from "./documents/index.ts";
import type { Network, PlanFunctions, PublishedFunction } from "./functions.ts";
import { clusterGrants } from "./plan/cluster-access.ts";
import { practisedOf } from "./plan/practice.ts";
import { allChecks, allSteps } from "./plan/redeploy.ts";
import { registries } from "./plan/registries.ts";
import type { Plan } from "./plan/schema.ts";
import { arnBuilder, functionRole } from "./roles.ts";
import { readLock } from "./store.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";

/** The functions of the kinds that a plan uses. */
export interface KindFunctions {
  /** Kind → preflight and poll under the read-only role, apply and revert under the kind's own. */
  actions: Record<string, { read: PublishedFunction; write: PublishedFunction }>;
  checks: Record<string, PublishedFunction>;
}

/** Seconds a check's function has beyond the check's own limit, to answer that it was over. */
const ANSWER_SECONDS = 5;

/**
 * Two functions for each kind of action and one for each kind of check. Preflight, poll and checks share the plan's one
 * role that cannot write; each kind's apply and revert run under a role that holds what this plan's steps of that kind
 * need and nothing else.
 */
export function addKinds(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { table, network }: { table: Table; network: Network | undefined },
): KindFunctions {
  const { service } = plan;
  const arn = arnBuilder(scope);
  const steps = allSteps(plan);
  const checks = allChecks(plan);
  const actionKinds = [...new Set(steps.map((step) => step.action))];
  const checkKinds = [...new Set(checks.map((check) => check.check))];
  const practised = new Set(plan.practice ? practisedOf(plan, registries).made.map(({ step }) => step) : []);
  const permissionsOf = (kind: string) => {
    const { permissions, practice } = registries.actions[kind]!;
    return steps
      .filter((step) => step.action === kind)
      .flatMap((step) => [
        permissions(step.with as never, arn),
        ...(practice && practised.has(step.id) ? [practice.permissions(step.with as never, arn)] : []),
      ]);
  };
  const networkOf = (spec: { needsVpc?: boolean }) => (spec.needsVpc ? network : undefined);

  const reader = functionRole(scope, "ReaderRole", {
    description: `Preflight, poll and checks of ${service}: can write nothing`,
    permissions: [
      ...actionKinds.flatMap((kind) => permissionsOf(kind).flatMap(({ read }) => read)),
      ...checks.flatMap((check) => registries.checks[check.check]!.permissions(check.with as never, arn)),
    ],
    keys: plan.keys,
    inVpc: network !== undefined,
  });
  const grants = clusterGrants(plan, registries);
  addAccessEntries(scope, service, "reader", reader, grants);
  return {
    actions: Object.fromEntries(
      actionKinds.map((kind) => {
        const spec = registries.actions[kind]!;
        const writer = functionRole(scope, `Writer-${kind}`, {
          description: `Applies and reverts ${kind} of ${service}`,
          permissions: [
            readLock(table, service),
            ...permissionsOf(kind).flatMap(({ write, revert = [] }) => [...write, ...revert]),
          ],
          keys: plan.keys,
          inVpc: networkOf(spec) !== undefined,
        });
        addAccessEntries(scope, service, kind, writer, grants);
        const documents = steps
          .filter((step) => step.action === kind)
          .flatMap((step) => spec.documents?.(step.with as never) ?? []);
        const common = {
          bundle: kind,
          network: networkOf(spec),
          environment: { ...documentNames(scope, documents), ...planKeys(plan) },
        };
        return [
          kind,
          {
            read: functions.publish(`Read-${kind}`, {
              ...common,
              description: `${spec.summary} (preflight, poll)`,
              role: reader,
              timeoutSeconds: Math.min(TASK_SECONDS.preflight, TASK_SECONDS.poll),
            }),
            write: functions.publish(`Write-${kind}`, {
              ...common,
              description: `${spec.summary} (apply, revert)`,
              role: writer,
              timeoutSeconds: Math.min(TASK_SECONDS.apply, TASK_SECONDS.revert),
            }),
          },
        ];
      }),
    ),
    checks: Object.fromEntries(
      checkKinds.map((kind) => {
        const spec = registries.checks[kind]!;
        const made = functions.publish(`Check-${kind}`, {
          bundle: kind,
          description: spec.summary,
          role: reader,
          timeoutSeconds: spec.timeoutSeconds + ANSWER_SECONDS,
          network: networkOf(spec),
        });
        return [kind, made];
      }),
    ),
  };
}

/** What a function must know of the plan's keys: where one that it meets is not among them, it says so. */
const planKeys = ({ keys }: Plan): Record<string, string> =>
  keys.length > 0 ? { PLAN_KEYS: keys.join(",") } : {};

/** What the functions of a kind must know of its documents: how the stack's own copy of each is called. */
function documentNames(scope: Construct, names: string[]): Record<string, string> {
  if (names.length === 0) return {};
  const called = [...new Set(names)].map((name) => [name, planDocument(scope, name).ref]);
  return { DOCUMENTS: Stack.of(scope).toJsonString(Object.fromEntries(called)) };
}
