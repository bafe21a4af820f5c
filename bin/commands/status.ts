import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { type AwsOptions, answer, clientOf, dynamodb, keyOf, ofService } from "./aws.ts";
import { gateOf } from "./gate.ts";
import { pastRuns, runLine } from "./history.ts";
import { joinedTo } from "./joined.ts";
import { rampLines, rampOn } from "./ramp-on.ts";

/** `watchdog status SERVICE`: lock, freeze, alarms and the last runs. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("is a run under way, is the service frozen, which alarms ring, how did the last runs end")
    .argument("<service>")
    .option("--region <region>")
    .option("--json")
    .addHelpText("after", "\nExample:\n  watchdog status llm-research-lab\n")
    .action((service: string, options: AwsOptions) =>
      ofService(service, async () => {
        const client = dynamodb(options);
        const row = async (sk: string) =>
          (await client.send(new GetItemCommand({ ...keyOf(service, sk), ConsistentRead: true }))).Item;
        const [lock, freeze, ramp, runs, alarms, gate] = await Promise.all([
          row("LOCK"),
          row("FREEZE"),
          row("RAMP"),
          pastRuns(options, service, 5),
          alarmsOf(options, service),
          gateOf(options, service),
        ]);
        const state = lock?.["state"]?.S ?? "free";
        const run = state === "free" ? undefined : lock?.["runId"]?.S;
        const since = lock?.["since"]?.S;
        const joined = run ? await joinedTo(options, service, run) : [];
        const until = freeze?.["until"]?.S;
        const on = ramp?.["state"]?.S === "on" ? await rampOn(options, service, ramp) : undefined;
        const lines = [
          `lock     ${state}${run ? `, run ${run}` : ""}${since && run ? `, since ${since}` : ""}${state === "kept" ? `: a run failed; when the cause is gone, watchdog release ${service}` : ""}`,
          ...joined.map((text) => `joined   ${text}`),
          `freeze   ${until ? `until ${until}, by ${freeze?.["by"]?.S ?? "somebody"}` : "none"}`,
          ...(on ? rampLines(on) : []),
          `gate     ${gate ?? "none: pipelines do not stop at a freeze"}`,
          ...alarms.map(
            ({ name, state: value, since: at }) =>
              `alarm    ${value.padEnd(17)} ${name}${at ? ` since ${at}` : ""}`,
          ),
          ...(runs.length > 0 ? runs.map((each) => `run      ${runLine(each)}`) : ["run      none yet"]),
        ];
        answer(options, lines.join("\n"), {
          service,
          lock: { state, ...(run ? { run, since, joined } : {}) },
          ...(until ? { frozenUntil: until } : {}),
          ...(on ? { redeploy: on } : {}),
          gate: gate ?? null,
          alarms,
          runs,
        });
      }),
    );
}

/** The plan's alarms and the watchdog's own: all names that begin with the service's. */
async function alarmsOf(options: AwsOptions, service: string) {
  const { MetricAlarms = [] } = await new CloudWatchClient(clientOf(options)).send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${service}-`, AlarmTypes: ["MetricAlarm"] }),
  );
  return MetricAlarms.map((alarm) => ({
    name: alarm.AlarmName!,
    state: alarm.StateValue!,
    since: alarm.StateTransitionedTimestamp?.toISOString(),
  }));
}
