import type { ListClustersCommandInput, ListClustersResponse } from "@aws-sdk/client-eks";
import { operation } from "../../service.ts";
import { eksClusters } from "./state.ts";

export const ListClusters = operation<ListClustersCommandInput, ListClustersResponse>({
  authorize: () => [{ action: "eks:ListClusters", resources: ["*"] }],
  run: (_, { world }) => ({ clusters: [...eksClusters(world).keys()].toSorted() }),
});
