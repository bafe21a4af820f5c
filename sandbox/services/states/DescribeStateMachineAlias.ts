import type {
  DescribeStateMachineAliasCommandInput,
  DescribeStateMachineAliasCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { aliasNamed } from "./machine.ts";

/** One alias. */
export const DescribeStateMachineAlias = operation<
  DescribeStateMachineAliasCommandInput,
  Omit<DescribeStateMachineAliasCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:DescribeStateMachineAlias", resources: [input.stateMachineAliasArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const { name, alias } = aliasNamed(world, input.stateMachineAliasArn);
    return {
      stateMachineAliasArn: input.stateMachineAliasArn,
      name,
      description: alias.description,
      routingConfiguration: alias.routing,
      creationDate: new Date(alias.createdAt),
      updateDate: new Date(alias.createdAt),
    };
  },
});
