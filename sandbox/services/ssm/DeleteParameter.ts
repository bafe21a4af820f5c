import type { DeleteParameterCommandInput, DeleteParameterResult } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { parameterArn, parameterNamed, parameters, selected } from "./state.ts";

export const DeleteParameter = operation<DeleteParameterCommandInput, DeleteParameterResult>({
  authorize: (input, { world }) => [
    { action: "ssm:DeleteParameter", resources: [parameterArn(world, selected(input.Name).name)] },
  ],
  run: (input, { world }) => {
    const { name } = parameterNamed(world, selected(input.Name).name);
    parameters(world).delete(name);
    return {};
  },
});
