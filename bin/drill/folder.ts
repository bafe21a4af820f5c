import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { WorldLog } from "../../sandbox/world.ts";

/** Makes `drills/<time>-<plan>/`; two drills in the same second get different folders. */
export function drillFolder(base: string, plan: string, machineNow: Date): string {
  const stamp = machineNow
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "");
  for (let number = 1; ; number += 1) {
    const folder = join(base, `${stamp}-${plan}${number > 1 ? `-${number}` : ""}`);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** Everything a person may want to look at afterwards; each part is written even if there was no run. */
export async function writeFolder(given: {
  folder: string;
  sandbox: Sandbox;
  template: string;
  history: HistoryEvent[];
  log: WorldLog[];
  reportsBucket: string | undefined;
  /** Machine time span of the drill in sandbox time, epoch milliseconds. */
  from: number;
  to: number;
  namespace: string;
  summary: unknown;
}): Promise<void> {
  const { folder, sandbox } = given;
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  copyFileSync(given.template, join(folder, "template.json"));
  write("history.json", { events: given.history });
  write("summary.json", given.summary);
  if (existsSync(sandbox.mailFolder)) cpSync(sandbox.mailFolder, join(folder, "mails"), { recursive: true });
  const lines = given.log.map(
    (line) => `${new Date(line.at).toISOString()} ${line.source.padEnd(12)} ${line.message}`,
  );
  writeFileSync(join(folder, "sandbox.log"), `${lines.join("\n")}\n`);
  write("metrics.json", await metrics(sandbox, given.namespace, given.from, given.to));
  if (given.reportsBucket) await downloadReports(sandbox, given.reportsBucket, folder);
}

async function metrics(sandbox: Sandbox, Namespace: string, from: number, to: number): Promise<unknown> {
  const cloudwatch = new CloudWatchClient(sandbox.clientConfig());
  const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace }));
  if (Metrics.length === 0) return [];
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(from - 60_000),
      EndTime: new Date(to + 60_000),
      ScanBy: "TimestampAscending",
      MetricDataQueries: Metrics.map((Metric, index) => ({
        Id: `m${index}`,
        Label: Metric.MetricName,
        MetricStat: { Metric, Period: 60, Stat: "Average" },
      })),
    }),
  );
  return MetricDataResults;
}

async function downloadReports(sandbox: Sandbox, Bucket: string, folder: string): Promise<void> {
  const s3 = new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) {
    if (!Key) continue;
    const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
    writeFileSync(join(folder, Key.split("/").pop()!), await object.Body!.transformToByteArray());
  }
}
