import { paginateListExecutions, SFNClient } from "@aws-sdk/client-sfn";
import { stackName } from "../../../lib/names.ts";
import { registries } from "../../../lib/plan/registries.ts";
import type { Plan } from "../../../lib/plan/schema.ts";
import { watchRounds } from "../../../lib/plan/timing.ts";
import { mails } from "../../../sandbox/engines/mail.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { logsState } from "../../../sandbox/services/logs/state.ts";
import { secretsState } from "../../../sandbox/services/secretsmanager/state.ts";
import { parameters } from "../../../sandbox/services/ssm/state.ts";
import type { World } from "../../../sandbox/world.ts";
import { executionHistory } from "../history.ts";
import type { RecordedCall, RunRecord } from "./record.ts";

/** Shorter members of a secret (a port, a user's name) are no secrets. */
const SHORTEST = 12;

/** Puts together what a run left behind in the sandbox. */
export async function gather(
  sandbox: Sandbox,
  plan: Plan,
  run: { executionArn: string; stateMachineArn: string; status: string },
  calls: RecordedCall[],
): Promise<RunRecord> {
  const client = new SFNClient(sandbox.clientConfig());
  const executions: RunRecord["executions"] = [];
  for await (const page of paginateListExecutions({ client }, { stateMachineArn: run.stateMachineArn }))
    for (const { executionArn, name, startDate, stopDate } of page.executions ?? []) {
      const events = await executionHistory(sandbox, executionArn!);
      executions.push({
        name: name!,
        from: startDate!.getTime(),
        to: stopDate?.getTime() ?? sandbox.world.clock.now(),
        acted: events.some(({ stateEnteredEventDetails }) =>
          stateEnteredEventDetails?.name?.startsWith("Apply "),
        ),
      });
    }
  // A pipeline's own roles do what they always did; CloudFormation shortens a long stack name in a role's.
  const ownRoles = stackName(plan.service).slice(0, 24);
  return {
    service: plan.service,
    status: run.status,
    history: await executionHistory(sandbox, run.executionArn),
    executions,
    calls: calls.filter(({ role }) => role.split("/").at(-1)!.startsWith(ownRoles)),
    mails: mails(sandbox.world),
    secrets: secretValues(sandbox.world),
    logs: logLines(sandbox.world),
    watchRounds: watchRounds(plan).rounds,
    steps: Object.fromEntries(
      plan.stages.flatMap(({ steps }, stage) =>
        steps.map(({ id, action }) => {
          const { effect, keepsBefore = false } = registries.actions[action]!;
          return [id, { effect, stage, keepsBefore }];
        }),
      ),
    ),
  };
}

/** Every value of every version of every secret and every secure string. */
export function secretValues(world: World): string[] {
  const secrets = [...secretsState(world).values()].flatMap(({ versions }) =>
    versions.map(({ string }) => string),
  );
  const secure = [...parameters(world).values()]
    .filter(({ type }) => type === "SecureString")
    .flatMap(({ versions }) => versions.map(({ value }) => value));
  return [...secrets, ...secure].flatMap(membersOf);
}

/** Every line of every log group. */
export const logLines = (world: World): string[] =>
  [...logsState(world).groups.values()].flatMap((group) =>
    [...group.streams.values()].flatMap((stream) => stream.events.map(({ message }) => message)),
  );

function membersOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  let texts = [value];
  try {
    texts = Object.values(JSON.parse(value) as object).filter((member) => typeof member === "string");
  } catch {
    // Not JSON: the whole text is the secret.
  }
  return texts.filter((text) => text.length >= SHORTEST);
}
