import type { Service } from "../../service.ts";
import { CreateCluster } from "./CreateCluster.ts";
import { CreateService } from "./CreateService.ts";
import { DeregisterTaskDefinition } from "./DeregisterTaskDefinition.ts";
import { DescribeServiceDeployments } from "./DescribeServiceDeployments.ts";
import { DescribeServiceRevisions } from "./DescribeServiceRevisions.ts";
import { DescribeServices } from "./DescribeServices.ts";
import { DescribeTaskDefinition } from "./DescribeTaskDefinition.ts";
import { ListServiceDeployments } from "./ListServiceDeployments.ts";
import { ListTaskDefinitions } from "./ListTaskDefinitions.ts";
import { RegisterTaskDefinition } from "./RegisterTaskDefinition.ts";
import { StopServiceDeployment } from "./StopServiceDeployment.ts";
import { UpdateService } from "./UpdateService.ts";

/** Amazon ECS on Fargate: rolling deployments of real processes, with circuit breaker and their history. */
export const ecs: Service = {
  name: "ecs",
  client: () => import("@aws-sdk/client-ecs"),
  operations: {
    CreateCluster,
    CreateService,
    DeregisterTaskDefinition,
    DescribeServiceDeployments,
    DescribeServiceRevisions,
    DescribeServices,
    DescribeTaskDefinition,
    ListServiceDeployments,
    ListTaskDefinitions,
    RegisterTaskDefinition,
    StopServiceDeployment,
    UpdateService,
  },
};
