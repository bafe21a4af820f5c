import type { ListSecretsCommandInput, ListSecretsCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { secretAnswer } from "./answers.ts";
import { type Secret, secretsState } from "./state.ts";

/** Secrets, by filters. */
export const ListSecrets = operation<ListSecretsCommandInput, Omit<ListSecretsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "secretsmanager:ListSecrets", resources: ["*"] }],
  run: (input, { world }) => {
    const matches = (secret: Secret) =>
      (input.Filters ?? []).every(({ Key, Values = [] }) => {
        const texts =
          Key === "name"
            ? [secret.name]
            : Key === "description"
              ? [secret.description ?? ""]
              : Key === "tag-key"
                ? (secret.tags ?? []).map((tag) => tag.Key)
                : Key === "tag-value"
                  ? (secret.tags ?? []).map((tag) => tag.Value)
                  : [
                      secret.name,
                      secret.description ?? "",
                      ...(secret.tags ?? []).flatMap((tag) => [tag.Key, tag.Value]),
                    ];
        return Values.some((value) =>
          value.startsWith("!")
            ? !texts.some((text) => text.startsWith(value.slice(1)))
            : texts.some((text) => text.toLowerCase().startsWith(value.toLowerCase())),
        );
      });
    const all = [...secretsState(world).values()].filter(
      (secret) => (input.IncludePlannedDeletion || secret.deletedAt === undefined) && matches(secret),
    );
    const ordered = input.SortOrder === "asc" ? all : all.toReversed();
    const from = input.NextToken ? Number(input.NextToken) : 0;
    const next = from + (input.MaxResults ?? 100);
    return {
      SecretList: ordered.slice(from, next).map((secret) => secretAnswer(secret, "SecretVersionsToStages")),
      NextToken: next < ordered.length ? String(next) : undefined,
    };
  },
});
