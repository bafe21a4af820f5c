import type {
  CreateDBParameterGroupCommandInput,
  CreateDBParameterGroupCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Makes a group of that kind. */
export const CreateDBParameterGroup = operation<
  CreateDBParameterGroupCommandInput,
  Omit<CreateDBParameterGroupCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:CreateDBParameterGroup",
      resources: [world.arn("rds", `pg:${input.DBParameterGroupName}`)],
    },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).parameterGroups;
    const name = input.DBParameterGroupName!.toLowerCase();
    if (groups.has(name))
      throw new ServiceException(
        "DBParameterGroupAlreadyExistsFault",
        `Parameter group ${name} already exists`,
      );
    const group = {
      DBParameterGroupFamily: input.DBParameterGroupFamily,
      Description: input.Description,
      DBParameterGroupName: name,
      DBParameterGroupArn: world.arn("rds", `pg:${name}`),
    };
    groups.set(name, group);
    return { DBParameterGroup: group };
  },
});
