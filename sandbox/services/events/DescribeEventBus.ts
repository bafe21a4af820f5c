import type {
  DescribeEventBusCommandInput,
  DescribeEventBusCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { busNamed } from "./state.ts";

/** One bus. */
export const DescribeEventBus = operation<
  DescribeEventBusCommandInput,
  Omit<DescribeEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "events:DescribeEventBus",
      resources: [world.arn("events", `event-bus/${input.Name ?? "default"}`)],
    },
  ],
  run: (input, { world }) => {
    const { name, arn, policy } = busNamed(world, input.Name);
    return { Name: name, Arn: arn, Policy: policy };
  },
});
