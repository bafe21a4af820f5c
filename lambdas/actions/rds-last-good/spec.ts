import * as z from "zod";
import {
  InstanceName,
  Margin,
  readsLogin,
  restoredOutputs,
  restorePermissions,
} from "../../runtime/rds-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { defineAction } from "../../runtime/spec.ts";

/** R8, for damage that nobody saw begin: the last second at which the data still was well, found by asking it. */
export const rdsLastGood = defineAction({
  kind: "rds-last-good",
  summary:
    "Restore an RDS instance to the last second at which an integrity query still held, as a new instance",
  input: z.strictObject({
    instance: InstanceName.describe("identifier of the DB instance to restore from"),
    database: z.string().min(1).max(63).describe("database to ask"),
    secret: SecretName.describe("secret with username and password of a user that may read it"),
    integrity: z
      .string()
      .min(1)
      .max(10_000)
      .describe("a query whose first value is true while the data is well and false once it is damaged"),
    knownGood: z
      .union([z.literal("before-deployment"), z.iso.datetime()])
      .default("before-deployment")
      .describe("a moment at which it was well: before the recorded deployment, or an ISO 8601 time"),
    knownBad: z.iso
      .datetime()
      .optional()
      .describe("a moment at which it was damaged already; when the run begins, unless given"),
    margin: Margin.default("30s").describe("how long before the deployment"),
    within: z
      .int()
      .min(1)
      .max(240)
      .default(60)
      .describe("minutes between the two moments at the most: each doubling is one more instance to restore"),
  }),
  before: z.strictObject({
    instance: z.string(),
    target: z.string(),
    good: z.number(),
    bad: z.number(),
    most: z.number(),
    settings: z.record(z.string(), z.unknown()),
  }),
  outputs: z.strictObject({
    ...restoredOutputs,
    restoreTime: z.string().describe("the last good moment, ISO 8601"),
    candidates: z
      .array(z.string())
      .describe("instances that were restored only to be asked; kept, for a person to delete"),
    kept: z.array(z.string()).describe("what was made and kept, in words, for the report"),
  }),
  effect: "creates",
  revertible: true,
  // Each candidate is a restore; the engine calls apply once for each.
  timing: { timeoutSeconds: 6 * 3600, pollSeconds: 30, phases: 18 },
  permissions: ({ instance, secret }, arn) => {
    const { read, write } = restorePermissions(instance, arn);
    const login = readsLogin(secret, arn);
    return { read: [...read, login], write: [...write, login] };
  },
  touches: () => [],
  undoesMigration: true,
  creates: ({ instance }) => [{ type: "rds-instance", id: `${instance}-r-*` }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  needsVpc: true,
  runbooks: ["R8"],
  docs: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html",
  ],
});
