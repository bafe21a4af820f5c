import type {
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation, ServiceException } from "../../service.ts";
import { busArn, busNamed } from "./state.ts";

/** Takes one statement, or all of them, from the policy of a bus. */
export const RemovePermission = operation<
  RemovePermissionCommandInput,
  Omit<RemovePermissionCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:RemovePermission", resources: [busArn(world, input.EventBusName)] },
  ],
  run: (input, { world }) => {
    const bus = busNamed(world, input.EventBusName);
    const all = [bus.policy?.Statement ?? []].flat();
    if (!bus.policy && input.RemoveAllPermissions)
      throw new ServiceException("ResourceNotFoundException", "EventBus does not have a policy.");
    const left = input.RemoveAllPermissions ? [] : all.filter(({ Sid }) => Sid !== input.StatementId);
    if (!input.RemoveAllPermissions && left.length === all.length)
      throw new ServiceException(
        "ResourceNotFoundException",
        "Statement with the provided id does not exist.",
      );
    bus.policy = left.length > 0 ? { ...bus.policy, Statement: left } : undefined;
    bus.changedAt = world.clock.now();
    return {};
  },
});
