import type { LabelParameterVersionCommandInput, LabelParameterVersionResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { parameterArn, parameterNamed } from "./state.ts";

/** Puts labels on a version, the newest unless one is named; each is on one version at a time. */
export const LabelParameterVersion = operation<
  LabelParameterVersionCommandInput,
  LabelParameterVersionResult
>({
  authorize: (input, { world }) => [
    { action: "ssm:LabelParameterVersion", resources: [parameterArn(world, input.Name)] },
  ],
  run: (input, { world }) => {
    const { versions } = parameterNamed(world, input.Name ?? "");
    const { ParameterVersion = versions.at(-1)!.version, Labels = [] } = input;
    const found = versions.find(({ version }) => version === ParameterVersion);
    if (!found)
      throw new ServiceException(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${ParameterVersion} of ${input.Name}. Verify the version and try again.`,
      );
    for (const each of versions) each.labels = each.labels.filter((label) => !Labels.includes(label));
    found.labels.push(...Labels);
    return { ParameterVersion };
  },
});
