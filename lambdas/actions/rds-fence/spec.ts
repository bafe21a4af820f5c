import * as z from "zod";
import { ClusterName, InstanceName, readsLogin } from "../../runtime/rds-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

/** Invariant 7: from here on the old database takes no writes of the application, so that two never do at once. */
export const rdsFence = defineAction({
  kind: "rds-fence",
  summary: "Keep the application's roles out of a database: no login, and no session left",
  input: z.strictObject({
    instance: InstanceName.describe("identifier of the DB instance; of an Aurora cluster, its writer"),
    cluster: ClusterName.optional().describe(
      "the Aurora cluster that the instance is of: whichever instance writes by then is fenced, and the sessions on its readers are ended too",
    ),
    roles: z
      .array(z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/))
      .min(1)
      .describe("database roles of the application, also those with which an RDS Proxy logs in"),
    database: z.string().min(1).describe("database to connect to"),
    secret: SecretName.describe(
      "secret with username and password of a user that may alter the roles and end their sessions",
    ),
  }),
  before: z.strictObject({
    address: z.string(),
    port: z.number(),
    readers: z.array(z.strictObject({ address: z.string(), port: z.number() })).optional(),
    roles: z.array(z.strictObject({ name: z.string(), login: z.boolean() })),
  }),
  outputs: z.strictObject({
    fencedAt: z.string().describe("since when no role can log in, ISO 8601"),
    ended: z.number().describe("sessions that were ended"),
  }),
  effect: "fences",
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 10 },
  permissions: ({ instance, cluster, secret }, arn) => {
    const login = readsLogin(secret, arn);
    return {
      read: [
        // The cluster's other instances have names that the plan does not know.
        allow("rds:DescribeDBInstances", arn.of("rds", `db:${cluster === undefined ? instance : "*"}`)),
        ...(cluster === undefined
          ? []
          : [allow("rds:DescribeDBClusters", arn.of("rds", `cluster:${cluster}`))]),
        login,
      ],
      write: [login],
    };
  },
  touches: ({ instance, cluster }) => [
    { type: "rds-instance", id: instance },
    ...(cluster ? [{ type: "aurora-cluster", id: cluster }] : []),
  ],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  needsVpc: true,
  runbooks: ["R8"],
  docs: ["https://www.postgresql.org/docs/17/sql-alterrole.html"],
});
