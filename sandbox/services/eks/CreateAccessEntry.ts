import type { CreateAccessEntryCommandInput, CreateAccessEntryResponse } from "@aws-sdk/client-eks";
import { operation, ServiceException } from "../../service.ts";
import { roleAt } from "../iam/state.ts";
import { checkGroups, entryAnswer, usernameOf } from "./access.ts";
import { clusterArn, engineOf } from "./state.ts";

/** Lets an IAM principal in, as a user of Kubernetes groups. */
export const CreateAccessEntry = operation<CreateAccessEntryCommandInput, CreateAccessEntryResponse>({
  authorize: (input, { world }) => [
    {
      action: "eks:CreateAccessEntry",
      resources: [clusterArn(world, input.clusterName)],
      context: { "eks:principalArn": input.principalArn ?? "" },
    },
  ],
  run: (input, { world }) => {
    const { clusterName = "", principalArn = "" } = input;
    const { access } = engineOf(world, clusterName);
    if (access.has(principalArn))
      throw new ServiceException(
        "ResourceInUseException",
        "The specified access entry resource is already in use on this cluster.",
        { status: 409 },
      );
    if (/:role\//.test(principalArn) && !roleAt(world, principalArn))
      throw new ServiceException(
        "InvalidParameterException",
        `The specified principalArn is invalid: invalid principal. (${principalArn})`,
        { status: 400 },
      );
    const at = world.clock.now();
    const entry = {
      principalArn,
      kubernetesGroups: checkGroups(input.kubernetesGroups),
      username: input.username ?? usernameOf(principalArn),
      type: input.type ?? "STANDARD",
      createdAt: at,
      modifiedAt: at,
      tags: input.tags ?? {},
      policies: new Map(),
    };
    access.set(principalArn, entry);
    return { accessEntry: entryAnswer(world, clusterName, entry) };
  },
});
