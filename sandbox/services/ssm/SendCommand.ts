import { randomUUID } from "node:crypto";
import type { SendCommandCommandInput, SendCommandResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { type Invocation, instanceArn, knownHosts, type SentCommand, sentCommands } from "./commands.ts";
import { deliver } from "./deliver.ts";
import { documentArn, documentNamed } from "./document.ts";
import { parameterValues, scriptLines, substituted } from "./parameters.ts";
import { shownCommand } from "./shown.ts";

const DELIVERY_SECONDS = 3600;
const EXECUTION_SECONDS = 3600;

function instancesOf({ InstanceIds = [], Targets = [] }: SendCommandCommandInput): string[] {
  const other = Targets.find(({ Key }) => Key !== "InstanceIds");
  if (other) throw notImplemented("ssm", `SendCommand with the target ${other.Key}`);
  return [...InstanceIds, ...Targets.flatMap(({ Values = [] }) => Values)];
}

const NOT_HERE = [
  "OutputS3BucketName",
  "CloudWatchOutputConfig",
  "ServiceRoleArn",
  "NotificationConfig",
  "AlarmConfiguration",
  "DocumentHash",
] as const;

/** Runs a document on hosts: its shell commands really run there. */
export const SendCommand = operation<SendCommandCommandInput, SendCommandResult>({
  authorize: (input, { world }) => [
    {
      action: "ssm:SendCommand",
      resources: [
        documentArn(world, input.DocumentName),
        ...instancesOf(input).map((id) => instanceArn(world, id)),
      ],
    },
  ],
  run: (input, { world }) => {
    for (const name of NOT_HERE) if (input[name]) throw notImplemented("ssm", `SendCommand with ${name}`);
    const { document, name } = documentNamed(world, input.DocumentName, input.DocumentVersion);
    const ids = instancesOf(input);
    if (new Set(ids).size < ids.length) throw new ServiceException("DuplicateInstanceId", "");
    if (ids.length === 0 || ids.length > 50)
      throw new ServiceException("ValidationException", "Between 1 and 50 instance ids are needed.");
    knownHosts(world, ids);
    const timeoutSeconds = input.TimeoutSeconds ?? DELIVERY_SECONDS;
    if (timeoutSeconds < 30 || timeoutSeconds > 2_592_000)
      throw new ServiceException(
        "ValidationException",
        "1 validation error detected: Value at 'timeoutSeconds' failed to satisfy constraint: Member must have value between 30 and 2592000",
      );
    const values = parameterValues(document, input.Parameters);
    const executionSeconds = Number(
      substituted(document.timeoutSeconds ?? String(EXECUTION_SECONDS), values),
    );
    const script = {
      lines: scriptLines(document, values),
      workingDirectory: document.workingDirectory && substituted(document.workingDirectory, values),
      timeoutSeconds: executionSeconds,
    };
    const now = world.clock.now();
    const command: SentCommand = {
      id: randomUUID(),
      documentName: name,
      documentVersion: input.DocumentVersion ?? "$DEFAULT",
      step: document.step,
      comment: input.Comment ?? "",
      parameters: input.Parameters ?? {},
      timeoutSeconds,
      requestedAt: now,
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html: both together.
      expiresAt: now + (timeoutSeconds + executionSeconds) * 1000,
      invocations: new Map(
        ids.map((instanceId): [string, Invocation] => [
          instanceId,
          {
            instanceId,
            status: "Pending",
            details: "Pending",
            responseCode: -1,
            startedAt: undefined,
            endedAt: undefined,
            stdout: "",
            stderr: "",
            cancel: new AbortController(),
          },
        ]),
      ),
    };
    sentCommands(world).set(command.id, command);
    for (const invocation of command.invocations.values()) deliver(world, command, invocation, script);
    return { Command: shownCommand(command) };
  },
});
