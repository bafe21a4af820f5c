import type { DeleteAccessEntryCommandInput, DeleteAccessEntryResponse } from "@aws-sdk/client-eks";
import { operation } from "../../service.ts";
import { entryOf, entryResource } from "./access.ts";
import { engineOf } from "./state.ts";

export const DeleteAccessEntry = operation<DeleteAccessEntryCommandInput, DeleteAccessEntryResponse>({
  authorize: (input, { world }) => [
    {
      action: "eks:DeleteAccessEntry",
      resources: [entryResource(world, input.clusterName, input.principalArn)],
    },
  ],
  run: ({ clusterName, principalArn }, { world }) => {
    const engine = engineOf(world, clusterName);
    engine.access.delete(entryOf(engine, principalArn).principalArn);
    return {};
  },
});
