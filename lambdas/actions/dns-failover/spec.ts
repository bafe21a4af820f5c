import * as z from "zod";
import { InstanceName } from "../../runtime/rds-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

const Alias = z.strictObject({
  zone: z.string().describe("hosted zone id of the alias target"),
  evaluateTargetHealth: z
    .boolean()
    .default(true)
    .describe("whether the record follows the health of its target"),
});

const Control = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:route53-recovery-control::\d{12}:controlpanel\/[0-9a-f]{32}\/routingcontrol\/[0-9a-f]{16}$/,
    "a routing control's ARN",
  );

/** The data plane of a failover: routing controls, by any one of their cluster's endpoints. */
const Via = z
  .strictObject({
    endpoints: z
      .array(
        z.strictObject({
          region: z
            .string()
            .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a Region")
            .describe("Region of the endpoint"),
          url: z.url({ protocol: /^https$/, error: "an https URL" }).describe("URL of the endpoint"),
        }),
      )
      .min(1)
      .max(5)
      .describe("the cluster's endpoints, tried in this order until one answers; give all five"),
    on: z.array(Control).default([]).describe("routing controls that are turned on"),
    off: z.array(Control).default([]).describe("routing controls that are turned off, at the same moment"),
    ttl: z
      .int()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("seconds that resolvers may keep the old answer: the failover records' TTL"),
  })
  .refine(
    ({ on, off }) => on.length + off.length > 0 && new Set([...on, ...off]).size === on.length + off.length,
    {
      path: ["on"],
      message: "name at least one routing control, and none twice",
    },
  );

/** R14: one record, as DELETE of exactly what was there plus CREATE of the new, in one batch (invariant 8). */
export const dnsFailover = defineAction({
  kind: "dns-failover",
  summary:
    "Point a Route 53 record somewhere else, itself or by ARC routing controls, and wait until every resolver can know it",
  input: z
    .strictObject({
      zone: z
        .string()
        .regex(/^Z[A-Z0-9]{1,31}$/, "a hosted zone id such as Z0123456789ABC")
        .describe("id of the hosted zone"),
      record: z.string().min(1).describe("full name of the record"),
      type: z.enum(["CNAME", "A", "AAAA"]).describe("type of the record"),
      value: z.string().min(1).describe("the new value: a name, an address, or the alias target's name"),
      setIdentifier: z.string().optional().describe("which of several weighted records of the name"),
      alias: Alias.optional().describe("the value is an alias target"),
      via: Via.optional().describe(
        "by ARC routing controls instead of a change of the record: its failover records have health checks on them, and `value` is what DNS must answer afterwards. Route 53's control plane is not needed",
      ),
      drained: z
        .strictObject({
          instance: InstanceName.describe("identifier of the old DB instance"),
          database: z.string().describe("database to connect to"),
          secret: SecretName.describe(
            "secret with username and password of a user that may see all sessions",
          ),
          roles: z.array(z.string()).min(1).describe("database roles of the application"),
        })
        .optional()
        .describe("done only when no session of these roles is left on this database"),
    })
    .refine(({ via, setIdentifier }) => !via || setIdentifier === undefined, {
      path: ["setIdentifier"],
      message: "routing controls decide between the records of the name: leave it out",
    }),
  before: z.union([
    z.strictObject({
      set: z.record(z.string(), z.unknown()),
      next: z.record(z.string(), z.unknown()),
      private: z.boolean(),
      ttl: z.number(),
    }),
    z.strictObject({
      controls: z.array(
        z.strictObject({
          arn: z.string(),
          name: z.string(),
          from: z.enum(["On", "Off"]),
          to: z.enum(["On", "Off"]),
        }),
      ),
      answer: z.array(z.string()).describe("what DNS answered"),
    }),
  ]),
  outputs: z.strictObject({
    value: z.string().describe("what the record says now"),
    changeId: z.string().optional().describe("Route 53's id of the change, where one was needed"),
  }),
  effect: "switches",
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 10 },
  permissions: ({ zone, record, type, drained, via }, arn) => {
    const resource = arn.of("route53", `hostedzone/${zone}`, { region: "", account: "" });
    const name = record.toLowerCase().replace(/\.$/, "");
    const secret =
      drained &&
      (drained.secret.startsWith("arn:")
        ? drained.secret
        : arn.of("secretsmanager", `secret:${drained.secret}-??????`));
    const sessions = drained
      ? [
          allow("rds:DescribeDBInstances", arn.of("rds", `db:${drained.instance}`)),
          allow("secretsmanager:GetSecretValue", secret!),
        ]
      : [];
    if (via) {
      const controls = [...via.on, ...via.off];
      const look = allow("route53-recovery-cluster:GetRoutingControlState", controls);
      return {
        read: [look, ...sessions],
        write: [
          look,
          allow("route53-recovery-cluster:UpdateRoutingControlStates", controls, {
            Bool: { "route53-recovery-cluster:AllowSafetyRulesOverrides": "false" },
          }),
        ],
      };
    }
    const list = allow("route53:ListResourceRecordSets", resource);
    return {
      read: [
        list,
        allow("route53:GetHostedZone", resource),
        // Knows no resources.
        allow("route53:TestDNSAnswer", "*"),
        allow("route53:GetChange", arn.of("route53", "change/*", { region: "", account: "" })),
        ...sessions,
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
    "@aws-sdk/client-route53-recovery-cluster",
    "@aws-sdk/client-rds",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb",
  ],
  needsVpc: true,
  runbooks: ["R14"],
  docs: [
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
    "https://docs.aws.amazon.com/r53recovery/latest/dg/route53-arc-best-practices.regional.html",
  ],
});
