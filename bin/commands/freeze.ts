import { userInfo } from "node:os";
import { DeleteItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { gateName } from "../../lib/names.ts";
import { type AwsOptions, answer, dynamodb, keyOf, ofService } from "./aws.ts";
import { setGate } from "./gate.ts";

/** `watchdog freeze SERVICE --until TIME` and `watchdog unfreeze SERVICE`: the operator wins (invariant 18). */
export function addFreeze(program: Command): void {
  program
    .command("freeze")
    .description(
      "stop a service's automation before its next change, and its deployments: pipelines read the gate; both survive a redeploy",
    )
    .argument("<service>")
    .requiredOption("--until <time>", "ISO 8601, for example 2026-11-21T18:00:00Z")
    .option("--by <name>", "who froze it", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText("after", "\nExample:\n  watchdog freeze llm-research-lab --until 2026-11-21T18:00:00Z\n")
    .action((service: string, options: AwsOptions & { until: string; by: string }) =>
      ofService(service, async () => {
        const until = new Date(options.until);
        if (Number.isNaN(until.getTime()))
          throw new Error(
            `"${options.until}" is no time. Nothing was frozen. Write for example 2026-11-21T18:00:00Z.`,
          );
        if (until.getTime() <= Date.now())
          throw new Error(
            `${until.toISOString()} has passed. Nothing was frozen. Write a time to come, for example with its zone: 2026-11-21T18:00:00Z.`,
          );
        await dynamodb(options).send(
          new UpdateItemCommand({
            ...keyOf(service, "FREEZE"),
            UpdateExpression: "SET #until = :until, #by = :by",
            ExpressionAttributeNames: { "#until": "until", "#by": "by" },
            ExpressionAttributeValues: { ":until": { S: until.toISOString() }, ":by": { S: options.by } },
          }),
        );
        // The automation first: a gate that cannot be closed leaves it stopped all the same.
        const gate = await setGate(options, service, "closed");
        answer(
          options,
          `${service} is frozen until ${until.toISOString()}. A run under way stops before its next change.\n${
            gate
              ? `The gate that pipelines read is closed, and stays so until: watchdog unfreeze ${service}`
              : `Its stack has no gate ${gateName(service)} yet, so pipelines go on: deploy it, or stop them by hand.`
          }`,
          { service, until: until.toISOString(), gate: gate ?? null },
        );
      }),
    );
  program
    .command("unfreeze")
    .description("lift a freeze and open the gate")
    .argument("<service>")
    .option("--region <region>")
    .option("--json")
    .addHelpText("after", "\nExample:\n  watchdog unfreeze llm-research-lab\n")
    .action((service: string, options: AwsOptions) =>
      ofService(service, async () => {
        await dynamodb(options).send(new DeleteItemCommand(keyOf(service, "FREEZE")));
        const gate = await setGate(options, service, "open");
        answer(options, `${service} is not frozen${gate ? ", and its gate is open" : ""}.`, {
          service,
          frozen: false,
          gate: gate ?? null,
        });
      }),
    );
}
