import type { GetParameterCommandInput, GetParameterResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { parameterArn, parameterNamed, selected, shown } from "./state.ts";

/** The newest value, or that of `name:version`. */
export const GetParameter = operation<GetParameterCommandInput, GetParameterResult>({
  authorize: (input, { world }) => [
    { action: "ssm:GetParameter", resources: [parameterArn(world, selected(input.Name).name)] },
  ],
  run: (input, { world }) => {
    const { name, version } = selected(input.Name);
    const parameter = parameterNamed(world, name);
    const found =
      version === undefined
        ? parameter.versions.at(-1)!
        : parameter.versions.find((each) => each.version === version);
    if (!found)
      throw new ServiceException(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
      );
    return {
      Parameter: {
        Name: name,
        Type: parameter.type,
        Value: shown(parameter, found, input.WithDecryption),
        Version: found.version,
        ...(version === undefined ? {} : { Selector: `:${version}` }),
        LastModifiedDate: new Date(found.modifiedAt),
        ARN: parameterArn(world, name),
        DataType: "text",
      },
    };
  },
});
