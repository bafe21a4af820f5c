import type { Service } from "../../service.ts";
import { AssociateAccessPolicy } from "./AssociateAccessPolicy.ts";
import { CreateAccessEntry } from "./CreateAccessEntry.ts";
import { CreateCluster } from "./CreateCluster.ts";
import { DeleteAccessEntry } from "./DeleteAccessEntry.ts";
import { DescribeAccessEntry } from "./DescribeAccessEntry.ts";
import { DescribeCluster } from "./DescribeCluster.ts";
import { ListClusters } from "./ListClusters.ts";
import { UpdateAccessEntry } from "./UpdateAccessEntry.ts";

/** Amazon EKS: clusters and who may come into them. What runs inside is `sandbox/engines/kubernetes`. */
export const eks: Service = {
  name: "eks",
  client: () => import("@aws-sdk/client-eks"),
  operations: {
    AssociateAccessPolicy,
    CreateAccessEntry,
    CreateCluster,
    DeleteAccessEntry,
    DescribeAccessEntry,
    DescribeCluster,
    ListClusters,
    UpdateAccessEntry,
  },
};
