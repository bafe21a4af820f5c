import type {
  DescribeOptionGroupsCommandInput,
  DescribeOptionGroupsCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Groups, all or one. */
export const DescribeOptionGroups = operation<
  DescribeOptionGroupsCommandInput,
  Omit<DescribeOptionGroupsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeOptionGroups",
      resources: [world.arn("rds", `og:${input.OptionGroupName ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).optionGroups;
    if (input.OptionGroupName === undefined) return { OptionGroupsList: [...groups.values()] };
    const group = groups.get(input.OptionGroupName.toLowerCase());
    if (!group)
      throw new ServiceException(
        "OptionGroupNotFoundFault",
        `Specified OptionGroupName: ${input.OptionGroupName} not found.`,
      );
    return { OptionGroupsList: [group] };
  },
});
