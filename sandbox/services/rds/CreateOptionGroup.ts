import type { CreateOptionGroupCommandInput, CreateOptionGroupCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Makes a group of that kind. */
export const CreateOptionGroup = operation<
  CreateOptionGroupCommandInput,
  Omit<CreateOptionGroupCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:CreateOptionGroup", resources: [world.arn("rds", `og:${input.OptionGroupName}`)] },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).optionGroups;
    const name = input.OptionGroupName!.toLowerCase();
    if (groups.has(name))
      throw new ServiceException("OptionGroupAlreadyExistsFault", `Option group ${name} already exists`);
    const group = {
      EngineName: input.EngineName,
      MajorEngineVersion: input.MajorEngineVersion,
      OptionGroupDescription: input.OptionGroupDescription,
      OptionGroupName: name,
      OptionGroupArn: world.arn("rds", `og:${name}`),
    };
    groups.set(name, group);
    return { OptionGroup: group };
  },
});
