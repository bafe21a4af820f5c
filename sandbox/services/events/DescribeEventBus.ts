import type {
  DescribeEventBusCommandInput,
  DescribeEventBusCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { busAnswer } from "./answers.ts";
import { busArn, busNamed } from "./state.ts";

/** One bus. */
export const DescribeEventBus = operation<
  DescribeEventBusCommandInput,
  Omit<DescribeEventBusCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "events:DescribeEventBus", resources: [busArn(world, input.Name)] },
  ],
  run: (input, { world }) => busAnswer(busNamed(world, input.Name)),
});
