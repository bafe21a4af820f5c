import type { CreateClusterCommandInput, CreateClusterResponse } from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { clusterAnswer } from "./describe.ts";
import { ecsState } from "./state.ts";

/** Makes a cluster; one of the same name is the same cluster. */
export const CreateCluster = operation<CreateClusterCommandInput, CreateClusterResponse>({
  authorize: () => [{ action: "ecs:CreateCluster", resources: ["*"] }],
  run: (input, { world }) => {
    const name = input.clusterName ?? "default";
    ecsState(world).clusters.add(name);
    return { cluster: clusterAnswer(world, name) };
  },
});
