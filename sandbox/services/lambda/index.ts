import type { Service } from "../../service.ts";
import { AddPermission } from "./AddPermission.ts";
import { CreateAlias } from "./CreateAlias.ts";
import { CreateFunction } from "./CreateFunction.ts";
import { CreateFunctionUrlConfig } from "./CreateFunctionUrlConfig.ts";
import { DeleteAlias } from "./DeleteAlias.ts";
import { DeleteFunction } from "./DeleteFunction.ts";
import { DeleteFunctionConcurrency } from "./DeleteFunctionConcurrency.ts";
import { DeleteFunctionEventInvokeConfig } from "./DeleteFunctionEventInvokeConfig.ts";
import { DeleteFunctionUrlConfig } from "./DeleteFunctionUrlConfig.ts";
import { GetAlias } from "./GetAlias.ts";
import { GetFunction } from "./GetFunction.ts";
import { GetFunctionConcurrency } from "./GetFunctionConcurrency.ts";
import { GetFunctionConfiguration } from "./GetFunctionConfiguration.ts";
import { GetFunctionEventInvokeConfig } from "./GetFunctionEventInvokeConfig.ts";
import { GetFunctionUrlConfig } from "./GetFunctionUrlConfig.ts";
import { GetPolicy } from "./GetPolicy.ts";
import { Invoke } from "./Invoke.ts";
import { ListAliases } from "./ListAliases.ts";
import { ListFunctionEventInvokeConfigs } from "./ListFunctionEventInvokeConfigs.ts";
import { ListFunctions } from "./ListFunctions.ts";
import { ListFunctionUrlConfigs } from "./ListFunctionUrlConfigs.ts";
import { ListTags } from "./ListTags.ts";
import { ListVersionsByFunction } from "./ListVersionsByFunction.ts";
import { referenceOf } from "./lookup.ts";
import { PublishVersion } from "./PublishVersion.ts";
import { PutFunctionConcurrency } from "./PutFunctionConcurrency.ts";
import { PutFunctionEventInvokeConfig } from "./PutFunctionEventInvokeConfig.ts";
import { resourcePolicy } from "./policies.ts";
import { RemovePermission } from "./RemovePermission.ts";
import { TagResource } from "./TagResource.ts";
import { UntagResource } from "./UntagResource.ts";
import { UpdateAlias } from "./UpdateAlias.ts";
import { UpdateFunctionCode } from "./UpdateFunctionCode.ts";
import { UpdateFunctionConfiguration } from "./UpdateFunctionConfiguration.ts";
import { UpdateFunctionEventInvokeConfig } from "./UpdateFunctionEventInvokeConfig.ts";
import { UpdateFunctionUrlConfig } from "./UpdateFunctionUrlConfig.ts";

/** AWS Lambda: Node.js functions from zip files or deployed assets, each in processes of its own. */
export const lambda: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    AddPermission,
    CreateAlias,
    CreateFunction,
    CreateFunctionUrlConfig,
    DeleteAlias,
    DeleteFunction,
    DeleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig,
    DeleteFunctionUrlConfig,
    GetAlias,
    GetFunction,
    GetFunctionConcurrency,
    GetFunctionConfiguration,
    GetFunctionEventInvokeConfig,
    GetFunctionUrlConfig,
    GetPolicy,
    Invoke,
    ListAliases,
    ListFunctionEventInvokeConfigs,
    ListFunctions,
    ListFunctionUrlConfigs,
    ListTags,
    ListVersionsByFunction,
    PublishVersion,
    PutFunctionConcurrency,
    PutFunctionEventInvokeConfig,
    RemovePermission,
    TagResource,
    UntagResource,
    UpdateAlias,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
    UpdateFunctionEventInvokeConfig,
    UpdateFunctionUrlConfig,
  },
  resourcePolicy: (world, arn) => {
    const name = arn.split(":function:")[1];
    return name === undefined
      ? undefined
      : resourcePolicy(world, referenceOf(name.split(":")[0], name.split(":")[1]));
  },
};
