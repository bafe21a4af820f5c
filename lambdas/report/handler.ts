import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once } from "../runtime/clients.ts";
import { verdictOf } from "../runtime/practice.ts";
import type { PracticeReportEvent, RampReportEvent, ReportAnswer, ReportEvent } from "../runtime/protocol.ts";
import { redactTexts } from "../runtime/redact.ts";
import { serve } from "../runtime/serve.ts";
import { dueFollowUps, reminders } from "./follow-ups.ts";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";
import { readMetrics } from "./metrics.ts";
import { practiceMarkdown } from "./practice-markdown.ts";
import { practicePage } from "./practice-page.ts";
import { rampMarkdown } from "./ramp-markdown.ts";
import { rampPage } from "./ramp-page.ts";
import { remind } from "./remind.ts";

const s3 = once(
  () => new S3Client({ ...clientSettings, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
);

/**
 * Writes the incident report: JSON for machines, Markdown for the wiki, one HTML page for everybody. Then sees to it
 * that people are reminded of what follows.
 */
export const handler = serve(
  "report",
  async (given: ReportEvent | PracticeReportEvent | RampReportEvent, { now }): Promise<ReportAnswer> => {
    const event = readable(given);
    const at = now();
    const writtenAt = new Date(at).toISOString();
    if ("verb" in event && event.verb === "ramp")
      return write(event, { ...event, writtenAt }, [
        rampMarkdown(event, writtenAt),
        rampPage(event, writtenAt),
      ]);
    if ("verb" in event) {
      const { outcome, line } = verdictOf(event);
      return write(event, { ...event, outcome, line, ending: outcome, writtenAt }, [
        practiceMarkdown(event, writtenAt),
        practicePage(event, writtenAt),
      ]);
    }
    const series = await readMetrics(event, at);
    const written = await write(event, { ...event, writtenAt, series }, [
      markdownReport(event, writtenAt, series),
      htmlReport(event, writtenAt, series),
    ]);
    await remind(
      process.env["FOLLOW_UPS_MACHINE"]!,
      event.run.id,
      reminders(event, dueFollowUps(event, writtenAt), `s3://${written.bucket}/${written.key}`),
    );
    return written;
  },
);

/**
 * The event without what looks like a secret in the words of others: errors, reasons, what checks saw. What was changed stays
 * exact, since it is taken back from here.
 */
const readable = <Event extends ReportEvent | PracticeReportEvent | RampReportEvent>(
  event: Event,
): Event => ({
  ...redactTexts(event),
  changes: event.changes,
  ...("steps" in event ? { steps: event.steps } : {}),
});

/** Three files in a folder of the run's own. */
async function write(
  { run }: Pick<ReportEvent, "run">,
  json: object,
  [markdown, html]: [string, string],
): Promise<ReportAnswer> {
  const bucket = process.env["REPORTS_BUCKET"]!;
  const folder = `${run.service}/${run.id}`;
  const files: [string, string, string][] = [
    ["report.json", "application/json", JSON.stringify(json, null, 2)],
    ["report.md", "text/markdown; charset=utf-8", markdown],
    ["report.html", "text/html; charset=utf-8", html],
  ];
  for (const [name, ContentType, Body] of files)
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body, ContentType }));
  return { bucket, key: `${folder}/report.html` };
}
