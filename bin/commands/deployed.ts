import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Command } from "commander";
import { VERSION } from "../../lib/names.ts";
import { type AwsOptions, answer, clientOf } from "./aws.ts";

/** `watchdog deployed SERVICE VERSION`: what a pipeline says when it begins to change production. */
export function addDeployed(program: Command): void {
  program
    .command("deployed")
    .description("record a deployment, the likely cause of the next alarm; call it before production changes")
    .argument("<service>")
    .argument("<version>")
    .option("--previous <version>", "the version that ran before")
    .option("--migration", "it changes the database's schema or data", false)
    .option("--at <time>", "when it began, ISO 8601; now unless given")
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExample:\n  watchdog deployed llm-research-lab 1.3.0 --previous 1.2.4 --migration\n",
    )
    .action(
      async (
        service: string,
        version: string,
        options: AwsOptions & { previous?: string; migration: boolean; at?: string },
      ) => {
        const at = options.at === undefined ? new Date() : new Date(options.at);
        if (Number.isNaN(at.getTime()))
          throw new Error(
            `"${options.at}" is no time. Nothing was recorded. Write for example 2026-11-21T18:00:00Z.`,
          );
        for (const each of [version, options.previous ?? version])
          if (!VERSION.pattern.test(each) || each.length > 100)
            throw new Error(
              `${JSON.stringify(each)} is no version. Nothing was recorded. It is ${VERSION.says}; 100 characters at the most.`,
            );
        const detail = {
          service,
          version,
          startedAt: at.toISOString(),
          migration: options.migration,
          ...(options.previous ? { previousVersion: options.previous } : {}),
        };
        const { Entries = [] } = await new EventBridgeClient(clientOf(options)).send(
          new PutEventsCommand({
            Entries: [
              { Source: "watchdog.deployment", DetailType: "Deployment", Detail: JSON.stringify(detail) },
            ],
          }),
        );
        const [entry] = Entries;
        if (!entry?.EventId)
          throw new Error(
            `EventBridge did not take the deployment of ${service} ${version}: ${entry?.ErrorCode ?? "no answer"} ${entry?.ErrorMessage ?? ""}. Nothing was recorded. Try again.`,
          );
        answer(
          options,
          `${service} ${version}, begun ${detail.startedAt}, was sent to the event bus (${entry.EventId}).`,
          {
            ...detail,
            eventId: entry.EventId,
          },
        );
      },
    );
}
