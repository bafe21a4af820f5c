import type { CreatePolicyCommandInput, CreatePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";
import { parseDocument } from "./documents.ts";
import { policyAnswer } from "./policies.ts";
import { iamState } from "./state.ts";

/** Makes a customer managed policy. */
export const CreatePolicy = operation<CreatePolicyCommandInput, Omit<CreatePolicyCommandOutput, "$metadata">>(
  {
    authorize: (input, { account }) => [
      { action: "iam:CreatePolicy", resources: [`arn:aws:iam::${account}:policy/${input.PolicyName}`] },
    ],
    run: (input, { world, account }) => {
      const { policies } = iamState(world);
      const name = input.PolicyName!;
      const arn = `arn:aws:iam::${account}:policy${input.Path ?? "/"}${name}`;
      if (policies.has(arn))
        throw new ServiceException(
          "EntityAlreadyExistsException",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      const document = parseDocument(input.PolicyDocument);
      const policy = { name, arn, id: `ANPA${randomId(17)}`, path: input.Path ?? "/", document };
      policies.set(arn, policy);
      return { Policy: policyAnswer(policy) };
    },
  },
);
