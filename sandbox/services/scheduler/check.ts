import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { ServiceException } from "../../service.ts";
import { notImplemented, type World } from "../../world.ts";
import { timesOf } from "./expression.ts";
import { assumedBy, SENDERS } from "./invoke.ts";
import { DEFAULT_GROUP } from "./state.ts";

const LONGEST_WINDOW = 1440;

const invalid = (message: string) => new ServiceException("ValidationException", message);
const constraint = (value: string, place: string, what: string) =>
  invalid(
    `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: Member must ${what}`,
  );

/** Refuses what EventBridge Scheduler refuses, and what the sandbox does not do. */
export async function checkSchedule(world: World, given: CreateScheduleCommandInput): Promise<void> {
  const { Name = "", GroupName = DEFAULT_GROUP, Target, FlexibleTimeWindow } = given;
  if (!/^[0-9a-zA-Z\-_.]+$/.test(Name))
    throw constraint(Name, "name", "satisfy regular expression pattern: [0-9a-zA-Z-_.]+");
  if (Name.length > 64) throw constraint(Name, "name", "have length less than or equal to 64");
  if (GroupName !== DEFAULT_GROUP)
    throw new ServiceException("ResourceNotFoundException", `Schedule group ${GroupName} does not exist.`, {
      status: 404,
    });
  timesOf(given.ScheduleExpression ?? "", given.ScheduleExpressionTimezone ?? "UTC");
  const minutes = FlexibleTimeWindow?.MaximumWindowInMinutes;
  if (FlexibleTimeWindow?.Mode === "FLEXIBLE") {
    if (minutes === undefined)
      throw invalid("Flexible time window must specify MaximumWindowInMinutes when Mode is FLEXIBLE.");
    if (minutes < 1 || minutes > LONGEST_WINDOW)
      throw constraint(
        String(minutes),
        "flexibleTimeWindow.maximumWindowInMinutes",
        `have value ${minutes < 1 ? "greater than or equal to 1" : `less than or equal to ${LONGEST_WINDOW}`}`,
      );
  } else if (minutes !== undefined)
    throw invalid("MaximumWindowInMinutes is not allowed when the flexible time window is OFF.");
  if (Target?.Input !== undefined) checkJson(Target.Input);
  const service = Target?.Arn?.split(":")[2] ?? "";
  if (!SENDERS[service]) throw notImplemented("scheduler", `a schedule whose target is ${Target?.Arn}`);
  if (given.KmsKeyArn) throw notImplemented("scheduler", "a schedule with a key of its own");
  if (!(await assumedBy(world, GroupName, Target?.RoleArn ?? "")))
    throw invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid("Invalid RequestJson provided. Reason The provided input is not valid JSON.");
  }
}
