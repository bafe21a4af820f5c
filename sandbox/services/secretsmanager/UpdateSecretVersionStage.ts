import type {
  UpdateSecretVersionStageCommandInput,
  UpdateSecretVersionStageCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { operation, ServiceException } from "../../service.ts";
import { holderOf, resourceArn, secretNamed } from "./state.ts";
import { moveLabel } from "./versions.ts";

/** Moves a label. RemoveFromVersionId must name its true holder, which makes the call a compare-and-set. */
export const UpdateSecretVersionStage = operation<
  UpdateSecretVersionStageCommandInput,
  Omit<UpdateSecretVersionStageCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "secretsmanager:UpdateSecretVersionStage",
      resources: [resourceArn(world, input.SecretId)],
      context: { "secretsmanager:VersionStage": input.VersionStage ?? "" },
    },
  ],
  run: (input, { world }) => {
    const secret = secretNamed(world, input.SecretId);
    const stage = input.VersionStage!;
    const version = (id: string) => {
      const found = secret.versions.find((each) => each.id === id);
      if (!found)
        throw new ServiceException(
          "ResourceNotFoundException",
          `Secrets Manager can't find the specified secret version: ${id}.`,
        );
      return found;
    };
    const to = input.MoveToVersionId === undefined ? undefined : version(input.MoveToVersionId);
    const from = input.RemoveFromVersionId === undefined ? undefined : version(input.RemoveFromVersionId);
    const holder = holderOf(secret, stage);
    if (to === undefined && from === undefined)
      throw new ServiceException(
        "InvalidParameterException",
        "You must provide either MoveToVersionId or RemoveFromVersionId.",
      );
    if (from && from !== holder)
      throw new ServiceException(
        "InvalidParameterException",
        `When you move staging label ${stage}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${stage}.`,
      );
    if (to && holder && holder !== to && !from)
      throw new ServiceException(
        "InvalidParameterException",
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (to === undefined && stage === "AWSCURRENT")
      throw new ServiceException(
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.",
      );
    if (to) moveLabel(secret, stage, to);
    else from!.stages.delete(stage);
    secret.changedAt = world.clock.now();
    return { ARN: secret.arn, Name: secret.name };
  },
});
