import type { Target } from "@aws-sdk/client-eventbridge";
import { ServiceException } from "../../service.ts";
import { PREDEFINED, placeholders } from "./input-template.ts";

/** Targets a rule can have. */
export const MOST_TARGETS = 5;

const invalid = (message: string) => new ServiceException("ValidationException", message);
const constraint = (value: string, place: string, what: string) =>
  invalid(
    `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: Member must ${what}`,
  );

/** Refuses a target that EventBridge refuses; `number` is its place in the request. */
export function checkTarget(target: Target, number: number): void {
  const { Id = "", Arn = "", InputTransformer } = target;
  const place = `targets.${number}.member.id`;
  if (!/^[.\-_A-Za-z0-9]*$/.test(Id))
    throw constraint(Id, place, "satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  if (Id.length > 64) throw constraint(Id, place, "have length less than or equal to 64");
  const arn = /^arn:aws[\w-]*:([\w-]+):/.exec(Arn);
  if (!arn) throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if (arn[1] === "states" && !target.RoleArn) throw invalid(`RoleArn is required for target ${Arn}.`);
  if ([target.Input, target.InputPath, InputTransformer].filter((each) => each !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (target.Input !== undefined) checkJson(target.Input, Id);
  if (!InputTransformer) return;
  for (const name of placeholders(InputTransformer.InputTemplate ?? ""))
    if (!PREDEFINED.includes(name) && !Object.hasOwn(InputTransformer.InputPathsMap ?? {}, name))
      throw invalid(`InputTemplate for target ${Id} contains invalid placeholder ${name}.`);
}

function checkJson(text: string, id: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid(`JSON syntax error in input for target ${id}: ${text.slice(0, 100)}`);
  }
}
