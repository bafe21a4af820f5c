import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { configurationOf } from "./configuration.ts";
import { mailMessage } from "./mail-message.ts";
import { regionName, snsMessage } from "./sns-message.ts";
import { type Alarm, alarmsState } from "./state.ts";
import type { Change } from "./told.ts";

const LONGEST_SUBJECT = 100;

/** Runs the actions of the state the alarm is now in: SNS topics and Lambda functions. Each is in the history. */
export function runActions(world: World, alarm: Alarm, change: Change): void {
  const given = (alarm.metric ?? alarm.composite)!;
  const actions = {
    ALARM: given.AlarmActions,
    OK: given.OKActions,
    INSUFFICIENT_DATA: given.InsufficientDataActions,
  }[alarm.state.value];
  for (const action of actions ?? []) {
    run(world, alarm, action, change).then(
      () => record(world, alarm, change, action, undefined),
      (error: Error) => {
        record(world, alarm, change, action, error);
        world.log("alarm", `${alarm.name}: the action ${action} failed: ${error.message}`, {
          alarm: alarm.name,
        });
      },
    );
  }
}

async function run(world: World, alarm: Alarm, action: string, change: Change): Promise<void> {
  const service = action.split(":")[2];
  if (service === "sns") {
    const Subject = `${change.state.value}: "${alarm.name}" in ${regionName(world.region)}`
      .replaceAll(/[^\x20-\x7e]/g, "?")
      .slice(0, LONGEST_SUBJECT);
    // Mails get words, everything else gets JSON.
    const bodies = {
      default: JSON.stringify(snsMessage(world, alarm, change)),
      email: mailMessage(world, alarm, change),
    };
    await world.call({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: action, Subject, Message: JSON.stringify(bodies), MessageStructure: "json" },
      principal: { type: "service", service: "cloudwatch.amazonaws.com", sourceArn: alarm.arn },
    });
    return;
  }
  if (service === "lambda") {
    const payload = {
      source: "aws.cloudwatch",
      alarmArn: alarm.arn,
      accountId: world.account,
      time: change.state.timestamp,
      region: world.region,
      alarmData: { alarmName: alarm.name, ...change, configuration: configurationOf(alarm) },
    };
    await world.call({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: action, InvocationType: "Event", Payload: Buffer.from(JSON.stringify(payload)) },
      principal: {
        type: "service",
        service: "lambda.alarms.cloudwatch.amazonaws.com",
        sourceArn: alarm.arn,
      },
    });
    return;
  }
  throw new ServiceException(
    "NotImplementedBySandbox",
    `The sandbox's alarms act on SNS topics and Lambda functions only; ${action} was not told. Nothing was changed.`,
    { status: 501 },
  );
}

function record(world: World, alarm: Alarm, change: Change, action: string, error: Error | undefined): void {
  alarmsState(world).history.push({
    alarm: alarm.name,
    kind: alarm.kind,
    at: world.clock.now(),
    type: "Action",
    summary: error
      ? `Failed to execute action ${action}. Received error: "${error.message}"`
      : `Successfully executed action ${action}`,
    data: JSON.stringify({
      actionState: error ? "Failed" : "Succeeded",
      stateUpdateTimestamp: Date.parse(change.state.timestamp.replace("+0000", "Z")),
      notificationResource: action,
      ...(error ? { error: error.message } : {}),
    }),
  });
}
