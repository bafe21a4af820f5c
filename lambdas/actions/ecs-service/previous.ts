import { isDeepStrictEqual } from "node:util";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from "@aws-sdk/client-ecs";
import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";
import { ecs } from "./service.ts";

/** ECS keeps the records of 90 days; a service that is rolled out more often than this in one incident is another matter. */
const MOST_RECORDS = 200;
/** Milliseconds that a pipeline may announce a release after ECS began to roll it out. */
const LATE_ANNOUNCEMENT = 15_000;

const GOING_ON = ["PENDING", "IN_PROGRESS"];

/** What ran before, and how it was found. */
export interface Previous {
  taskDefinition: string;
  evidence: string[];
  /** ARN of the deployment, if it still goes on: ECS itself can take it back. */
  stops: string | null;
}

/**
 * The record of the rollout that a run is about: the first one since its deployment began. Later ones are repairs that
 * did not help; what ran before the first is what was good. Without a deployment, the newest. Pure.
 */
export function suspect(
  records: ServiceDeploymentBrief[],
  deployment: RunContext["deployment"],
): ServiceDeploymentBrief | undefined {
  const newestFirst = records.toSorted((left, right) => at(right) - at(left));
  if (!deployment) return newestFirst[0];
  const since = Date.parse(deployment.startedAt) - LATE_ANNOUNCEMENT;
  return newestFirst.findLast((each) => at(each) >= since);
}

const at = ({ createdAt }: ServiceDeploymentBrief) => createdAt?.getTime() ?? 0;

/** Finds the task definition that ran before the deployment the run is about. Refuses when the records do not say. */
export async function previousOf(
  { cluster, service }: { cluster: string; service: string },
  deployment: RunContext["deployment"],
): Promise<Previous> {
  const records = await recordsOf({ cluster, service });
  const found = suspect(records, deployment);
  const release = deployment ? `release ${deployment.version} of ${deployment.startedAt}` : "any release";
  if (!found)
    throw refusal(
      `ECS has no record that ${release} was rolled out to ${service}. Nothing was changed. Name a task definition in the plan (to: family:revision).`,
    );
  const record = await describe(found.serviceDeploymentArn!);
  // Of several, what most tasks ran.
  const [source] = (record.sourceServiceRevisions ?? []).toSorted(
    (left, right) => (right.runningTaskCount ?? 0) - (left.runningTaskCount ?? 0),
  );
  if (!source?.arn)
    throw refusal(
      `Nothing ran in ${service} before ${release}: it is the service's first. Nothing was changed. Name a task definition in the plan (to: family:revision).`,
    );
  const { serviceRevisions = [] } = await ecs().send(
    new DescribeServiceRevisionsCommand({
      serviceRevisionArns: [source.arn, record.targetServiceRevision?.arn ?? source.arn],
    }),
  );
  const revision = (arn = "") => serviceRevisions.find((each) => each.serviceRevisionArn === arn);
  const taskDefinition = revision(source.arn)?.taskDefinition;
  if (!taskDefinition)
    throw refusal(
      `ECS no longer says what revision ${source.arn} of ${service} was. Nothing was changed. Name a task definition in the plan (to: family:revision).`,
    );
  const id = record.serviceDeploymentArn!.split("/").at(-1);
  return {
    taskDefinition,
    evidence: [
      `deployment ${id} of ${service}, ${record.createdAt?.toISOString()}, ${record.status}: ${taskDefinition.split("/").at(-1)} ran before it`,
      ...remaining(revision(source.arn), revision(record.targetServiceRevision?.arn)),
      ...(record.rollback ? [`ECS took it back itself: ${record.rollback.reason}`] : []),
    ],
    stops: GOING_ON.includes(record.status ?? "") ? record.serviceDeploymentArn! : null,
  };
}

/** Settings of the service itself that a deployment may change too: a task definition does not bring them back. */
const OF_THE_SERVICE = [
  "capacityProviderStrategy",
  "launchType",
  "platformVersion",
  "networkConfiguration",
  "loadBalancers",
  "serviceRegistries",
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
] as const satisfies (keyof ServiceRevision)[];

/** What a deployment changed beside the task definition, in a line: it stays as the deployment left it. Pure. */
export function remaining(before: ServiceRevision | undefined, after: ServiceRevision | undefined): string[] {
  if (!before || !after) return [];
  const changed = OF_THE_SERVICE.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return changed.length === 0
    ? []
    : [
        `the deployment also changed ${changed.join(", ")} of the service: that stays, only the task definition goes back`,
      ];
}

async function recordsOf(of: { cluster: string; service: string }): Promise<ServiceDeploymentBrief[]> {
  const records: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs().send(new ListServiceDeploymentsCommand({ ...of, maxResults: 100, nextToken }));
    records.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken && records.length < MOST_RECORDS);
  return records;
}

async function describe(arn: string): Promise<ServiceDeployment> {
  const { serviceDeployments = [] } = await ecs().send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  );
  const [record] = serviceDeployments;
  if (!record)
    throw refusal(`ECS no longer has the record ${arn}. Nothing was changed. Start the run again.`);
  return record;
}
