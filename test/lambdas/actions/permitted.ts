import { actions } from "../../../lambdas/actions/registry.ts";
import type { Change, ProgressAnswer, RunContext } from "../../../lambdas/runtime/protocol.ts";
import type { Verbs } from "../../../lambdas/runtime/serve-action.ts";
import type { ArnBuilder, Permission } from "../../../lambdas/runtime/spec.ts";
import type { Service } from "../../../sandbox/service.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { stepContext } from "./database-world.ts";

const ROLE = "step";

/** A world in which verbs run in this process, each under just what the kind's spec asks for. */
export interface PermittedWorld {
  test: TestWorld;
  /** Calls an action's verbs as a run does, its input read by its own schema. */
  step<Input, Before>(
    kind: string,
    verbs: Verbs<Input, Before>,
    given: object,
    run?: Partial<RunContext>,
  ): PermittedStep<Before>;
}

export interface PermittedStep<Before> {
  preflight(): Promise<Change & { before: Before }>;
  /** Each is called once, and polled until it is done. */
  apply(): Promise<ProgressAnswer>;
  revert(): Promise<ProgressAnswer>;
}

/** Opens a world whose calls are made by a role that has nothing but what the verb under way may do. */
export async function permittedWorld(services: Service[]): Promise<PermittedWorld> {
  const test = await openWorld(services);
  const session = await test.as(ROLE, []);
  lambdaEnvironment({ admin: session }, { AWS_SESSION_TOKEN: session.credentials.sessionToken ?? "" });
  const { region, account } = test.world;
  const arn: ArnBuilder = {
    partition: "aws",
    region,
    account,
    of: (service, resource, options = {}) =>
      `arn:aws:${service}:${options.region ?? region}:${options.account ?? account}:${resource}`,
    document: (name) => `arn:aws:ssm:${region}:${account}:document/${name}`,
  };
  const permit = (permissions: Permission[]) =>
    test.world.call({
      service: "iam",
      operation: "PutRolePolicy",
      input: { RoleName: ROLE, PolicyName: "test", PolicyDocument: policyOf(permissions) },
      principal: { type: "admin" },
    });
  return {
    test,
    step(kind, verbs, given, run) {
      const spec = actions[kind]!;
      const context = stepContext(kind, run);
      const input = spec.input.parse(given);
      const { read, write, revert = [] } = spec.permissions(input as never, arn);
      let change: Awaited<ReturnType<typeof verbs.preflight>> | undefined;
      const preflight = async () => {
        await permit(read);
        change ??= await verbs.preflight(input as never, context);
        return change;
      };
      const through = async (phase: "apply" | "revert") => {
        const resolved = await preflight();
        const call = async () => {
          await permit([...write, ...revert]);
          return verbs[phase](input as never, resolved, context);
        };
        let last = await call();
        for (let polls = 0; !last.done && polls < 200; polls += 1) {
          await permit(read);
          last = await verbs.poll(input as never, resolved, { ...context, phase, progress: last.progress });
          if (last.again) last = await call();
        }
        return last;
      };
      return { preflight, apply: () => through("apply"), revert: () => through("revert") };
    },
  };
}

const policyOf = (permissions: Permission[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: permissions.map(({ actions: Action, resources: Resource, conditions: Condition }) => ({
      Effect: "Allow",
      Action,
      Resource,
      ...(Condition ? { Condition } : {}),
    })),
  });
