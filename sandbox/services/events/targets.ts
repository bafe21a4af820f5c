import type { Target } from "@aws-sdk/client-eventbridge";
import { type Principal, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import type { BusEntry } from "./bus-entry.ts";
import { type Bus, busNamed, type Rule } from "./state.ts";
import { targetInput } from "./target-input.ts";

/** What one delivery needs. */
interface Delivery {
  world: World;
  target: Target;
  entry: BusEntry;
  arn: string;
  /** What the target receives. */
  text: string;
  /** EventBridge itself, for the rule: the target's resource policy decides. */
  asService: Principal;
  /** The role of the target or the rule, where there is one. */
  asRole: Principal;
  /** Gives an event to another bus of the account. */
  route: (bus: Bus, entry: BusEntry) => void;
}

type Send = (delivery: Delivery) => Promise<void>;

const call = async (
  { world }: Delivery,
  principal: Principal,
  service: string,
  operation: string,
  input: object,
): Promise<void> => {
  await world.call({ service, operation, input, principal });
};

/** By the service in the target's ARN. */
const TARGETS: Record<string, Send> = {
  lambda: (each) =>
    call(each, each.asService, "lambda", "Invoke", {
      FunctionName: each.arn,
      InvocationType: "Event",
      Payload: Buffer.from(each.text),
    }),
  sns: (each) => call(each, each.asService, "sns", "Publish", { TopicArn: each.arn, Message: each.text }),
  sqs: (each) => {
    const [, , , , account, queue] = each.arn.split(":");
    const group = each.target.SqsParameters?.MessageGroupId;
    return call(each, each.asService, "sqs", "SendMessage", {
      QueueUrl: `${each.world.endpoint}/${account}/${queue}`,
      MessageBody: each.text,
      ...(group ? { MessageGroupId: group, MessageDeduplicationId: each.entry.id } : {}),
    });
  },
  states: (each) =>
    call(each, each.asRole, "states", "StartExecution", { stateMachineArn: each.arn, input: each.text }),
  logs: async (each) => {
    const logGroupName = each.arn.split(":log-group:").at(-1)!.replace(/:\*$/, "");
    const logStreamName = each.entry.id;
    await call(each, each.asService, "logs", "CreateLogStream", { logGroupName, logStreamName }).catch(
      ignoreExisting,
    );
    const logEvents = [{ timestamp: Date.parse(each.entry.time), message: each.text }];
    await call(each, each.asService, "logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  },
  /** Another bus of the account gets the event as it is. */
  events: async ({ world, arn, entry, route }) => route(busNamed(world, arn), entry),
};

/** A retry finds the stream that its first attempt made. */
function ignoreExisting(error: unknown): void {
  if (!(error instanceof ServiceException && error.code === "ResourceAlreadyExistsException")) throw error;
}

/** Delivers an event to a target once; throws what the target's service answers. */
export async function send(
  world: World,
  rule: Rule,
  target: Target,
  entry: BusEntry,
  ingestedAt: string,
  route: Delivery["route"],
): Promise<void> {
  const arn = target.Arn ?? "";
  const deliver = TARGETS[arn.split(":")[2] ?? ""];
  if (!deliver)
    throw new ServiceException(
      "NotImplementedBySandbox",
      `The sandbox's event buses deliver nothing to ${arn}. Nothing was changed.`,
      { status: 501 },
    );
  const asService: Principal = { type: "service", service: "events.amazonaws.com", sourceArn: rule.arn };
  const roleArn = target.RoleArn ?? rule.roleArn;
  const asRole: Principal = roleArn ? { type: "role", roleArn, sessionName: "events" } : asService;
  await deliver({
    world,
    target,
    entry,
    arn,
    text: targetInput(target, entry, rule, ingestedAt),
    asService,
    asRole,
    route,
  });
}
