import * as z from "zod";
import { InstanceName } from "../../runtime/rds-spec.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

const Alias = z.strictObject({
  zone: z.string().describe("hosted zone id of the alias target"),
  evaluateTargetHealth: z
    .boolean()
    .default(true)
    .describe("whether the record follows the health of its target"),
});

/** R14: one record, as DELETE of exactly what was there plus CREATE of the new, in one batch (invariant 8). */
export const dnsFailover = defineAction({
  kind: "dns-failover",
  summary: "Point a Route 53 record somewhere else, and wait until every resolver can know it",
  input: z.strictObject({
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/, "a hosted zone id such as Z0123456789ABC")
      .describe("id of the hosted zone"),
    record: z.string().min(1).describe("full name of the record"),
    type: z.enum(["CNAME", "A", "AAAA"]).describe("type of the record"),
    value: z.string().min(1).describe("the new value: a name, an address, or the alias target's name"),
    setIdentifier: z.string().optional().describe("which of several weighted records of the name"),
    alias: Alias.optional().describe("the value is an alias target"),
    drained: z
      .strictObject({
        instance: InstanceName.describe("identifier of the old DB instance"),
        database: z.string().describe("database to connect to"),
        secret: z.string().describe("secret with username and password of a user that may see all sessions"),
        roles: z.array(z.string()).min(1).describe("database roles of the application"),
      })
      .optional()
      .describe("done only when no session of these roles is left on this database"),
  }),
  before: z.strictObject({
    set: z.record(z.string(), z.unknown()),
    next: z.record(z.string(), z.unknown()),
    private: z.boolean(),
    ttl: z.number(),
  }),
  outputs: z.strictObject({
    value: z.string().describe("what the record says now"),
    changeId: z.string().optional().describe("Route 53's id of the change, where one was needed"),
  }),
  effect: "switches",
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 10 },
  permissions: ({ zone, record, type, drained }, arn) => {
    const resource = arn.of("route53", `hostedzone/${zone}`, { region: "", account: "" });
    const name = record.toLowerCase().replace(/\.$/, "");
    const secret =
      drained &&
      (drained.secret.startsWith("arn:")
        ? drained.secret
        : arn.of("secretsmanager", `secret:${drained.secret}-??????`));
    const list = allow("route53:ListResourceRecordSets", resource);
    return {
      read: [
        list,
        allow("route53:GetHostedZone", resource),
        // Knows no resources.
        allow("route53:TestDNSAnswer", "*"),
        allow("route53:GetChange", arn.of("route53", "change/*", { region: "", account: "" })),
        ...(drained
          ? [
              allow("rds:DescribeDBInstances", arn.of("rds", `db:${drained.instance}`)),
              allow("secretsmanager:GetSecretValue", secret!),
            ]
          : []),
      ],
      write: [
        list,
        allow("route53:ChangeResourceRecordSets", resource, {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
            "route53:ChangeResourceRecordSetsRecordTypes": [type],
            "route53:ChangeResourceRecordSetsActions": ["CREATE", "DELETE"],
          },
          // ForAllValues passes on an empty set (AWS-FACTS §7).
          Null: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false" },
        }),
      ],
    };
  },
  touches: ({ zone, record, type }) => [{ type: "dns-record", id: `${zone}/${record}/${type}` }],
  clients: [
    "@aws-sdk/client-route-53",
    "@aws-sdk/client-rds",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb",
  ],
  needsVpc: true,
  runbooks: ["R14"],
  docs: ["https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"],
});
