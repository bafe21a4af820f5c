import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack } from "aws-cdk-lib";
import { machineClock } from "../../../sandbox/clock.ts";
import { deployTemplate } from "../../../sandbox/deploy/index.ts";
import { startDns } from "../../../sandbox/engines/dns.ts";
import { installIam } from "../../../sandbox/front/iam/index.ts";
import { openFrontDoor } from "../../../sandbox/front/server.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { ec2 } from "../../../sandbox/services/ec2/index.ts";
import { events } from "../../../sandbox/services/events/index.ts";
import { iam } from "../../../sandbox/services/iam/index.ts";
import { lambda } from "../../../sandbox/services/lambda/index.ts";
import { logs } from "../../../sandbox/services/logs/index.ts";
import { monitoring } from "../../../sandbox/services/monitoring/index.ts";
import { s3 } from "../../../sandbox/services/s3/index.ts";
import { sns } from "../../../sandbox/services/sns/index.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { states } from "../../../sandbox/services/states/index.ts";
import { World } from "../../../sandbox/world.ts";

/** A world with the services a stack is made of, and a folder for what is synthesized. */
export async function deployWorld() {
  const root = mkdtempSync(join(tmpdir(), "watchdog-deploy-"));
  const world = new World({ root, clock: machineClock(60) });
  const door = await openFrontDoor(world);
  world.endpoint = door.endpoint;
  world.onStop(() => door.close());
  await startDns(world);
  installIam(world);
  for (const service of [iam, logs, ec2, s3, sqs, dynamodb, sns, events, monitoring, lambda, states])
    await world.register(service);
  let count = 0;
  const folder = () => {
    const made = join(root, "out", String(++count));
    mkdirSync(made, { recursive: true });
    return made;
  };
  return {
    world,
    root,
    call: <Output = Record<string, unknown>>(service: string, operation: string, input: object) =>
      world.call<Output>({ service, operation, input, principal: { type: "admin" } }),
    /** Synthesizes one stack with the CDK and deploys it. */
    deploy: (name: string, build: (app: App) => Stack) => {
      const outdir = folder();
      const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
      build(app);
      app.synth();
      return deployTemplate(world, { cdkOut: outdir, stackName: name });
    },
    /** Deploys a template as it is written. */
    deployRaw: (name: string, template: object) => {
      const outdir = folder();
      writeFileSync(join(outdir, "stack.json"), JSON.stringify(template));
      writeFileSync(
        join(outdir, "manifest.json"),
        JSON.stringify({
          artifacts: {
            [name]: { type: "aws:cloudformation:stack", properties: { templateFile: "stack.json" } },
          },
        }),
      );
      return deployTemplate(world, { cdkOut: outdir });
    },
    source: (text: string) => {
      const made = folder();
      writeFileSync(join(made, "index.mjs"), text);
      return made;
    },
    stop: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type DeployWorld = Awaited<ReturnType<typeof deployWorld>>;
