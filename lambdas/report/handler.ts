import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once } from "../runtime/clients.ts";
import type { ReportAnswer, ReportEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";

const s3 = once(
  () => new S3Client({ ...clientSettings, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
);

/** Writes the incident report: JSON for machines, Markdown for the wiki, one HTML page for everybody. */
export const handler = serve("report", async (event: ReportEvent, { now }): Promise<ReportAnswer> => {
  const bucket = process.env["REPORTS_BUCKET"]!;
  const folder = `${event.run.service}/${event.run.id}`;
  const writtenAt = new Date(now()).toISOString();
  const files: [string, string, string][] = [
    ["report.json", "application/json", JSON.stringify({ ...event, writtenAt }, null, 2)],
    ["report.md", "text/markdown; charset=utf-8", markdownReport(event, writtenAt)],
    ["report.html", "text/html; charset=utf-8", htmlReport(event, writtenAt)],
  ];
  for (const [name, ContentType, Body] of files)
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body, ContentType }));
  return { bucket, key: `${folder}/report.html` };
});
