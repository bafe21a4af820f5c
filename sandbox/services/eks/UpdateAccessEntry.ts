import type { UpdateAccessEntryCommandInput, UpdateAccessEntryResponse } from "@aws-sdk/client-eks";
import { operation } from "../../service.ts";
import { checkGroups, entryAnswer, entryOf, entryResource } from "./access.ts";
import { engineOf } from "./state.ts";

export const UpdateAccessEntry = operation<UpdateAccessEntryCommandInput, UpdateAccessEntryResponse>({
  authorize: (input, { world }) => [
    {
      action: "eks:UpdateAccessEntry",
      resources: [entryResource(world, input.clusterName, input.principalArn)],
    },
  ],
  run: ({ clusterName = "", principalArn, kubernetesGroups, username }, { world }) => {
    const entry = entryOf(engineOf(world, clusterName), principalArn);
    if (kubernetesGroups) entry.kubernetesGroups = checkGroups(kubernetesGroups);
    if (username) entry.username = username;
    entry.modifiedAt = world.clock.now();
    return { accessEntry: entryAnswer(world, clusterName, entry) };
  },
});
