import type {
  CreateDBClusterParameterGroupCommandInput,
  CreateDBClusterParameterGroupCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { clusterState } from "./cluster-state.ts";

/** Makes a group of that kind. */
export const CreateDBClusterParameterGroup = operation<
  CreateDBClusterParameterGroupCommandInput,
  Omit<CreateDBClusterParameterGroupCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:CreateDBClusterParameterGroup",
      resources: [world.arn("rds", `cluster-pg:${input.DBClusterParameterGroupName}`)],
    },
  ],
  run: (input, { world }) => {
    const groups = clusterState(world).parameterGroups;
    const name = input.DBClusterParameterGroupName!.toLowerCase();
    if (groups.has(name))
      throw new ServiceException(
        "DBParameterGroupAlreadyExistsFault",
        `Parameter group ${name} already exists`,
      );
    const group = {
      DBClusterParameterGroupName: name,
      DBParameterGroupFamily: input.DBParameterGroupFamily,
      Description: input.Description,
      DBClusterParameterGroupArn: world.arn("rds", `cluster-pg:${name}`),
    };
    groups.set(name, group);
    return { DBClusterParameterGroup: group };
  },
});
