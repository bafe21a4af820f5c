import type { ListSecretsCommandInput, ListSecretsCommandOutput } from "@aws-sdk/client-secrets-manager";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { secretAnswer } from "./answers.ts";
import { type Secret, secretsState } from "./state.ts";

const words = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
/** Each word of the value begins a word of a text. */
const holdsWords = (texts: string[], value: string) =>
  words(value).every((wanted) => texts.flatMap(words).some((word) => word.startsWith(wanted)));

/** Names and tags are compared from their beginning and with their case, descriptions and everything word by word. */
function meets(secret: Secret, key: string, value: string): boolean {
  const tags = secret.tags ?? [];
  const description = secret.description ?? "";
  if (key === "name") return secret.name.startsWith(value);
  if (key === "tag-key") return tags.some((tag) => tag.Key.startsWith(value));
  if (key === "tag-value") return tags.some((tag) => tag.Value.startsWith(value));
  if (key === "description") return holdsWords([description], value);
  if (key === "all")
    return holdsWords([secret.name, description, ...tags.flatMap((tag) => [tag.Key, tag.Value])], value);
  throw notImplemented("secretsmanager", `ListSecrets with the filter ${key}`);
}

/** Secrets, by filters. */
export const ListSecrets = operation<ListSecretsCommandInput, Omit<ListSecretsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "secretsmanager:ListSecrets", resources: ["*"] }],
  run: (input, { world }) => {
    const matches = (secret: Secret) =>
      (input.Filters ?? []).every(({ Key, Values = [] }) =>
        Values.some((value) =>
          value.startsWith("!")
            ? !meets(secret, Key ?? "all", value.slice(1))
            : meets(secret, Key ?? "all", value),
        ),
      );
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
