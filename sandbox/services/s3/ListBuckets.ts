import type { ListBucketsCommandInput, ListBucketsOutput } from "@aws-sdk/client-s3";
import { operation } from "../../service.ts";
import { s3State } from "./state.ts";

/** All buckets of the account. */
export const ListBuckets = operation<ListBucketsCommandInput, ListBucketsOutput>({
  authorize: () => [{ action: "s3:ListAllMyBuckets", resources: ["*"] }],
  run: (input, { world, account }) => ({
    Owner: { ID: account, DisplayName: "administrator" },
    Buckets: [...s3State(world).buckets.values()]
      .filter(({ name }) => name.startsWith(input.Prefix ?? ""))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })),
  }),
});
