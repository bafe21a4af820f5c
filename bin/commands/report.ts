import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { printable } from "../printable.ts";
import { type AwsOptions, clientOf, dynamodb, keyOf, ofService, servicesHere } from "./aws.ts";

interface ReportOptions extends AwsOptions {
  service?: string;
  open: boolean;
  markdown: boolean;
}

/** Where a run's report lies; each form of it beside the others. */
interface Place {
  service: string;
  bucket: string;
  folder: string;
}

/** `watchdog report RUN`: the incident report that the run wrote, out of its bucket. */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("show the report of a run or a practice that has ended")
    .argument("<run>", "the run's id, as it stands in every mail")
    .option("--service <service>", "its service; looked for among the watchdogs of this account unless given")
    .option("--open", "save the page and open it in the browser ($BROWSER, else the system's own)", false)
    .option("--markdown", "the whole report as Markdown", false)
    .option("--region <region>")
    .option("--json", "the report as JSON, with the metrics' data")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog report error-rate-0123456789ab --open\n  watchdog report error-rate-0123456789ab --markdown > incident.md\n",
    )
    .action(async (run: string, options: ReportOptions) => {
      const place = await placeOf(options, run);
      if (options.open) return console.log(await opened(options, place, run));
      if (options.markdown) return console.log(printable(await read(options, place, "report.md")));
      const json = await read(options, place, "report.json");
      console.log(
        options.json ? JSON.stringify(JSON.parse(json)) : printable(short(JSON.parse(json), place)),
      );
    });
}

/** Looks where the run's end recorded it. */
async function placeOf(options: ReportOptions, run: string): Promise<Place> {
  const services = options.service ? [options.service] : await servicesHere(options);
  for (const service of services) {
    const row = async (kind: "RUN" | "PRACTICE") => {
      const key = keyOf(service, `${kind}#${run}`);
      return (await dynamodb(options).send(new GetItemCommand({ ...key, ConsistentRead: true }))).Item;
    };
    const Item = await ofService(service, async () => (await row("RUN")) ?? (await row("PRACTICE")));
    if (!Item) continue;
    const [bucket, ...key] = Item["report"]?.S?.split("/") ?? [];
    if (bucket) return { service, bucket, folder: key.slice(0, -1).join("/") };
    const outcome = Item["outcome"]?.S;
    throw new Error(
      outcome
        ? `Run ${run} of ${service} ended (${outcome}) without a report: it changed nothing, or could not write one. Look with: watchdog history ${service}`
        : `Run ${run} of ${service} has no end recorded, and its report is written at its end. Look with: watchdog status ${service}`,
    );
  }
  throw new Error(
    `No watchdog in this account and region knows a run ${run}${services.length > 0 ? ` (looked at ${services.join(", ")})` : ""}. ` +
      "Check the run's id, AWS_PROFILE and AWS_REGION.",
  );
}

async function read(options: ReportOptions, { bucket, folder }: Place, name: string): Promise<string> {
  const s3 = new S3Client({
    ...clientOf(options),
    forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined,
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${folder}/${name}` }));
  return Body!.transformToString();
}

/** Saves the page and hands it to the browser. */
async function opened(options: ReportOptions, place: Place, run: string): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "watchdog-report-")), `${run}.html`);
  writeFileSync(file, await read(options, place, "report.html"));
  const system = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const [program, ...args] = (process.env["BROWSER"] ?? system).split(" ");
  const failed = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program!, [...args, file], { stdio: "ignore", detached: true });
    child.once("error", ({ message }) => resolve(message));
    child.once("spawn", () => resolve(undefined));
    child.unref();
  });
  if (failed)
    throw new Error(`No browser could be opened (${failed}). The report is in ${file}: open it there.`);
  return options.json ? JSON.stringify({ run, file }) : file;
}

/** What a person wants to know first. */
function short(
  report: {
    run: { id: string; startedAt: string };
    ending: string;
    decision: { decision: string; rule: string; because: string } | null;
    failure: { state: string; error: string } | null;
    changes: Record<string, { summary: string }>;
    writtenAt: string;
  },
  { service, bucket, folder }: Place,
): string {
  const { run, ending, decision, failure, changes, writtenAt } = report;
  return [
    `${service}: ${ending}`,
    `  run      ${run.id}, ${run.startedAt} to ${writtenAt}`,
    ...(decision ? [`  decided  ${decision.decision} by ${decision.rule}: ${decision.because}`] : []),
    ...(failure ? [`  failed   ${failure.state}: ${failure.error}`] : []),
    ...Object.entries(changes).map(([step, { summary }]) => `  change   ${step}: ${summary}`),
    `  report   s3://${bucket}/${folder}/report.html (--open, --markdown, --json)`,
  ].join("\n");
}
