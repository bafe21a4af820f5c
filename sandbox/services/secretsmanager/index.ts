import type { Service } from "../../service.ts";
import { BatchGetSecretValue } from "./BatchGetSecretValue.ts";
import { CancelRotateSecret } from "./CancelRotateSecret.ts";
import { CreateSecret } from "./CreateSecret.ts";
import { DeleteResourcePolicy } from "./DeleteResourcePolicy.ts";
import { DeleteSecret } from "./DeleteSecret.ts";
import { DescribeSecret } from "./DescribeSecret.ts";
import { GetRandomPassword } from "./GetRandomPassword.ts";
import { GetResourcePolicy } from "./GetResourcePolicy.ts";
import { GetSecretValue } from "./GetSecretValue.ts";
import { ListSecrets } from "./ListSecrets.ts";
import { ListSecretVersionIds } from "./ListSecretVersionIds.ts";
import { PutResourcePolicy } from "./PutResourcePolicy.ts";
import { PutSecretValue } from "./PutSecretValue.ts";
import { RestoreSecret } from "./RestoreSecret.ts";
import { RotateSecret } from "./RotateSecret.ts";
import { secretsState } from "./state.ts";
import { TagResource } from "./TagResource.ts";
import { UntagResource } from "./UntagResource.ts";
import { UpdateSecret } from "./UpdateSecret.ts";
import { UpdateSecretVersionStage } from "./UpdateSecretVersionStage.ts";
import { ValidateResourcePolicy } from "./ValidateResourcePolicy.ts";

/** AWS Secrets Manager. */
export const secretsmanager: Service = {
  name: "secretsmanager",
  client: () => import("@aws-sdk/client-secrets-manager"),
  operations: {
    BatchGetSecretValue,
    CancelRotateSecret,
    CreateSecret,
    DeleteResourcePolicy,
    DeleteSecret,
    DescribeSecret,
    GetRandomPassword,
    GetResourcePolicy,
    GetSecretValue,
    ListSecretVersionIds,
    ListSecrets,
    PutResourcePolicy,
    PutSecretValue,
    RestoreSecret,
    RotateSecret,
    TagResource,
    UntagResource,
    UpdateSecret,
    UpdateSecretVersionStage,
    ValidateResourcePolicy,
  },
  resourcePolicy: (world, arn) => {
    const policy = [...secretsState(world).values()].find((secret) => secret.arn === arn)?.policy;
    return policy === undefined ? undefined : JSON.parse(policy);
  },
};
