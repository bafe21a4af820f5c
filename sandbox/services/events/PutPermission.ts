import type { PutPermissionCommandInput, PutPermissionCommandOutput } from "@aws-sdk/client-eventbridge";
import type { PolicyStatement } from "../../front/iam/policy.ts";
import { operation } from "../../service.ts";
import { parsedPolicy } from "./policy.ts";
import { busArn, busNamed } from "./state.ts";

/** Lets others put events on a bus, by a statement or by a whole policy. */
export const PutPermission = operation<
  PutPermissionCommandInput,
  Omit<PutPermissionCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:PutPermission", resources: [busArn(world, input.EventBusName)] },
  ],
  run: (input, { world }) => {
    const bus = busNamed(world, input.EventBusName);
    if (input.Policy !== undefined) bus.policy = parsedPolicy(input.Policy);
    else {
      const others = [bus.policy?.Statement ?? []].flat().filter(({ Sid }) => Sid !== input.StatementId);
      const Principal = input.Principal === "*" ? "*" : { AWS: `arn:aws:iam::${input.Principal}:root` };
      const Condition = input.Condition
        ? { [input.Condition.Type!]: { [input.Condition.Key!]: input.Condition.Value! } }
        : undefined;
      const statement: PolicyStatement = {
        Sid: input.StatementId,
        Effect: "Allow" as const,
        Principal,
        Action: input.Action ?? "events:PutEvents",
        Resource: bus.arn,
        ...(Condition ? { Condition } : {}),
      };
      bus.policy = { Version: "2012-10-17", Statement: [...others, statement] };
    }
    bus.changedAt = world.clock.now();
    return {};
  },
});
