import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once } from "../runtime/clients.ts";
import type { ReportAnswer, ReportEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { dueFollowUps, reminders } from "./follow-ups.ts";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";
import { readMetrics } from "./metrics.ts";
import { remind } from "./remind.ts";

const s3 = once(
  () => new S3Client({ ...clientSettings, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
);

/**
 * Writes the incident report: JSON for machines, Markdown for the wiki, one HTML page for everybody. Then sees to it
 * that people are reminded of what follows.
 */
export const handler = serve("report", async (event: ReportEvent, { now }): Promise<ReportAnswer> => {
  const bucket = process.env["REPORTS_BUCKET"]!;
  const folder = `${event.run.service}/${event.run.id}`;
  const at = now();
  const writtenAt = new Date(at).toISOString();
  const series = await readMetrics(event, at);
  const files: [string, string, string][] = [
    ["report.json", "application/json", JSON.stringify({ ...event, writtenAt, series }, null, 2)],
    ["report.md", "text/markdown; charset=utf-8", markdownReport(event, writtenAt, series)],
    ["report.html", "text/html; charset=utf-8", htmlReport(event, writtenAt, series)],
  ];
  for (const [name, ContentType, Body] of files)
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body, ContentType }));
  const key = `${folder}/report.html`;
  await remind(
    process.env["FOLLOW_UPS_MACHINE"]!,
    event.run.id,
    reminders(event, dueFollowUps(event, writtenAt), `s3://${bucket}/${key}`),
  );
  return { bucket, key };
});
