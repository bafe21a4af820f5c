import type { AssociateAccessPolicyCommandInput, AssociateAccessPolicyResponse } from "@aws-sdk/client-eks";
import { ACCESS_POLICIES } from "../../engines/kubernetes/index.ts";
import { operation, ServiceException } from "../../service.ts";
import { entryOf, entryResource } from "./access.ts";
import { engineOf } from "./state.ts";

/** Gives a principal one of EKS's own policies, in the whole cluster or in namespaces. */
export const AssociateAccessPolicy = operation<
  AssociateAccessPolicyCommandInput,
  AssociateAccessPolicyResponse
>({
  authorize: (input, { world }) => [
    {
      action: "eks:AssociateAccessPolicy",
      resources: [entryResource(world, input.clusterName, input.principalArn)],
      context: { "eks:policyArn": input.policyArn ?? "" },
    },
  ],
  run: ({ clusterName, principalArn, policyArn = "", accessScope }, { world }) => {
    const entry = entryOf(engineOf(world, clusterName), principalArn);
    const name = /^arn:aws:eks::aws:cluster-access-policy\/(\w+)$/.exec(policyArn)?.[1];
    if (!name || !ACCESS_POLICIES[name])
      throw new ServiceException(
        "InvalidParameterException",
        `The policyArn ${policyArn} is not one of those the sandbox knows: ${Object.keys(ACCESS_POLICIES).join(", ")}`,
        { status: 400 },
      );
    const at = world.clock.now();
    const scope = {
      type: accessScope?.type ?? "cluster",
      namespaces: accessScope?.namespaces ?? [],
    } as const;
    const policy = {
      policyArn,
      scope: { ...scope, namespaces: [...scope.namespaces] },
      associatedAt: at,
      modifiedAt: at,
    };
    entry.policies.set(policyArn, policy);
    return {
      clusterName,
      principalArn,
      associatedAccessPolicy: {
        policyArn,
        accessScope: scope as never,
        associatedAt: new Date(at),
        modifiedAt: new Date(at),
      },
    };
  },
});
