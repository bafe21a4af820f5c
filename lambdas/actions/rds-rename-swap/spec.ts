import * as z from "zod";
import { EndpointOutput, InstanceName, madeNames } from "../../runtime/rds-spec.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

/** R8, for services that know their database by RDS's own name: the restored instance takes it, the old one is kept. */
export const rdsRenameSwap = defineAction({
  kind: "rds-rename-swap",
  summary: "Give the restored RDS instance the live one's name, and keep the live one under another",
  input: z.strictObject({
    instance: InstanceName.describe("identifier of the live DB instance, which the restored one takes"),
    restored: z
      .string()
      .min(1)
      .describe("identifier of the restored DB instance: `{% $steps.<restore>.instance %}`"),
  }),
  before: z.strictObject({
    instance: z.string(),
    restored: z.string(),
    aside: z.string(),
    resourceId: z.string(),
  }),
  outputs: z.strictObject({
    instance: z.string().describe("the live name, which is the restored instance's now"),
    aside: z.string().describe("name under which the old instance is kept"),
    endpoint: EndpointOutput.describe("where the restored instance answers"),
  }),
  effect: "switches",
  revertible: true,
  // Two renames, each with a reboot; the second is asked for when the first is done.
  timing: { timeoutSeconds: 3600, pollSeconds: 15, phases: 2 },
  permissions: ({ instance, restored }, arn) => {
    // A restore of this plan makes names of one form, as the name under which the old one is kept; another is in the plan.
    const names = [instance, madeNames(instance), ...(restored.startsWith("{%") ? [] : [restored])];
    const all = names.map((name) => arn.of("rds", `db:${name}`));
    const read = [allow("rds:DescribeDBInstances", all)];
    return { read, write: [...read, allow("rds:ModifyDBInstance", all)] };
  },
  touches: ({ instance }) => [{ type: "rds-instance", id: instance }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-dynamodb"],
  runbooks: ["R8"],
  docs: ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html"],
});
