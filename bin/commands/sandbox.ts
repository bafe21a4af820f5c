import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type Interrupted, onInterrupt } from "../interrupt.ts";
import { numberOf } from "../numbers.ts";
import { planFileOf } from "../plan-file.ts";

/** `watchdog sandbox [PLAN]`: keeps a sandbox running for a person or another program until SIGINT or SIGTERM. */
export function addSandbox(program: Command): void {
  program
    .command("sandbox")
    .description("keep a local AWS account running, empty or with a plan's service and stack in it")
    .argument(
      "[plan]",
      "a plan's file, or its name in plans/; with its service where it has a scenario; empty sandbox unless given",
    )
    .option(
      "--speed <factor>",
      "sandbox seconds for each second of this machine",
      numberOf({ least: 0.1, most: 1000 }),
    )
    .option(
      "--port <port>",
      "port of the endpoint; a free one unless given",
      numberOf({ least: 1, most: 65_535, whole: true }),
    )
    .option("--seed <number>", "seed of the scenario's data", numberOf({ least: 0, whole: true }), 1)
    .option("--json", "one line of JSON when ready")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog sandbox\n  watchdog sandbox llm-research-lab --speed 10\n  watchdog sandbox plans/checkout.yaml\n  watchdog sandbox --json\n",
    )
    .action(
      async (
        name: string | undefined,
        options: { speed?: number; port?: number; seed: number; json?: boolean },
      ) => {
        // Loaded here: the CDK and the sandbox would keep every other command waiting.
        const [{ synthesize }, { createSandbox, endProcesses }, { scenarios }] = await Promise.all([
          import("../../lib/synthesize.ts"),
          import("../../sandbox/sandbox.ts"),
          import("../../scenarios/index.ts"),
        ]);
        const say = (line: string) => {
          if (!options.json) process.stdout.write(`${line}\n`);
        };
        const stopAsked = new Promise<Interrupted>(onInterrupt);
        const scenario = name === undefined ? undefined : scenarios[name];
        const file = name === undefined ? undefined : planFileOf(name);
        // Alone, a person expects the clock on the wall; with a plan, the drill's clock.
        const sandbox = await createSandbox({
          speed: options.speed ?? (scenario ? 60 : 1),
          port: options.port,
        });
        const cdkOut = mkdtempSync(join(tmpdir(), "watchdog-cdk-"));
        try {
          let stateMachineArn: string | undefined;
          let url: string | undefined;
          const ready = (async () => {
            if (!file) return;
            const [running, { stacks }] = await Promise.all([
              scenario?.prepare(sandbox, { seed: options.seed, say }),
              synthesize([resolve(file)], cdkOut, { rules: false }),
            ]);
            await running?.warmUp();
            const { outputs } = await sandbox.deploy(cdkOut, stacks[0]!.name);
            stateMachineArn = outputs["StateMachineArn"];
            if (!running)
              say(
                `${stacks[0]!.name} is deployed. What the plan names has to be made first: the account is empty.`,
              );
            await running?.announceVersion();
            url = running?.url;
          })();
          const first = await Promise.race([ready, stopAsked]);
          if (first === undefined) {
            const { endpoint, region, account, dns, smtp, mailFolder, adminCredentials } = sandbox;
            const facts = {
              endpoint,
              region,
              account,
              dns,
              smtp,
              mail: mailFolder,
              credentials: adminCredentials,
              ...(stateMachineArn ? { stateMachineArn } : {}),
              ...(url ? { url } : {}),
            };
            if (options.json) process.stdout.write(`${JSON.stringify(facts)}\n`);
            else for (const line of addresses(facts)) say(line);
            await stopAsked;
          }
        } finally {
          say("Stopping …");
          await sandbox.stop();
          rmSync(cdkOut, { recursive: true, force: true });
          await endProcesses();
          say("Stopped. Nothing is left running.");
        }
        // It was asked to stop, which is a success; what it still waits for would keep the program alive.
        process.exit(0);
      },
    );
}

function addresses(facts: {
  endpoint: string;
  region: string;
  dns: { host: string; port: number };
  smtp: { host: string; port: number };
  mail: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  stateMachineArn?: string;
  url?: string;
}): string[] {
  return [
    "",
    "The sandbox is ready. In another shell:",
    "",
    `  export AWS_ENDPOINT_URL=${facts.endpoint}`,
    `  export AWS_REGION=${facts.region} AWS_DEFAULT_REGION=${facts.region}`,
    `  export AWS_ACCESS_KEY_ID=${facts.credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${facts.credentials.secretAccessKey}`,
    "",
    `  DNS    dig @${facts.dns.host} -p ${facts.dns.port} <name>`,
    `  SMTP   ${facts.smtp.host}:${facts.smtp.port}`,
    `  Mail   ${facts.mail}`,
    ...(facts.stateMachineArn
      ? [`  Run    aws stepfunctions start-execution --state-machine-arn ${facts.stateMachineArn}`]
      : []),
    ...(facts.url ? [`  Service ${facts.url}`] : []),
    "",
    "Ctrl-C stops it.",
  ];
}
