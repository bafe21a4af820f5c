import type { DescribeAccessEntryCommandInput, DescribeAccessEntryResponse } from "@aws-sdk/client-eks";
import { operation } from "../../service.ts";
import { entryAnswer, entryOf, entryResource } from "./access.ts";
import { engineOf } from "./state.ts";

export const DescribeAccessEntry = operation<DescribeAccessEntryCommandInput, DescribeAccessEntryResponse>({
  authorize: (input, { world }) => [
    {
      action: "eks:DescribeAccessEntry",
      resources: [entryResource(world, input.clusterName, input.principalArn)],
    },
  ],
  run: ({ clusterName = "", principalArn }, { world }) => ({
    accessEntry: entryAnswer(world, clusterName, entryOf(engineOf(world, clusterName), principalArn)),
  }),
});
