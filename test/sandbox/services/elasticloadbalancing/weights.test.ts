import { createServer, type Server } from "node:http";
import {
  CreateRuleCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ModifyRuleCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { elasticloadbalancing } from "../../../../sandbox/services/elasticloadbalancing/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";
import { EcsBench } from "../ecs/bench.ts";

describe("a rule that forwards to two groups by weight", () => {
  let test: TestWorld;
  let bench: EcsBench;
  let ask: (path?: string) => Promise<{ status: number; text: string }>;
  let rule: string;
  const groups = { blue: "", green: "" };
  const servers: Server[] = [];
  let blueIsWell = true;
  const serve = (text: string, well: () => boolean) =>
    new Promise<number>((resolve) => {
      const server = createServer((_, response) => response.writeHead(well() ? 200 : 500).end(text));
      servers.push(server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)));
    });
  const weigh = (blue: number, green: number) =>
    bench.elb.send(
      new ModifyRuleCommand({
        RuleArn: rule,
        Actions: [
          {
            Type: "forward",
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: groups.blue, Weight: blue },
                { TargetGroupArn: groups.green, Weight: green },
              ],
            },
          },
        ],
      }),
    );
  const state = async (TargetGroupArn: string) =>
    (await bench.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions!.map(
      ({ TargetHealth }) => TargetHealth!.State,
    );
  const share = async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask()));
    return answers.filter(({ text }) => text === "blue").length;
  };

  beforeAll(async () => {
    test = await openWorld([elasticloadbalancing]);
    bench = new EcsBench(test.world, test.admin);
    groups.blue = await bench.targetGroup("blue");
    groups.green = await bench.targetGroup("green");
    const balancer = await bench.balancer("web", groups.blue);
    ask = balancer.ask;
    const { Rules } = await bench.elb.send(
      new CreateRuleCommand({
        ListenerArn: balancer.listener,
        Priority: 10,
        Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
        Actions: [{ Type: "forward", TargetGroupArn: groups.blue }],
      }),
    );
    rule = Rules![0]!.RuleArn!;
    for (const [name, arn, well] of [
      ["blue", groups.blue, () => blueIsWell],
      ["green", groups.green, () => true],
    ] as const) {
      const Port = await serve(name, well);
      await bench.elb.send(
        new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: "127.0.0.1", Port }] }),
      );
    }
    await until("blue to be healthy", async () => (await state(groups.blue)).includes("healthy"));
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await test?.close();
  });

  it("does not check a group that nothing forwards to", async () => {
    expect(await state(groups.green)).toEqual(["unused"]);
  });

  it("splits requests by weight, and gives weight 0 nothing", async () => {
    await weigh(50, 50);
    await until("green to be healthy", async () => (await state(groups.green)).includes("healthy"));
    const half = await share();
    await weigh(0, 100);
    const none = await share();

    expect(half).toBeGreaterThan(5);
    expect(half).toBeLessThan(55);
    expect(none).toBe(0);
    const { Rules } = await bench.elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
    expect(Rules![0]!.Actions![0]!.ForwardConfig!.TargetGroups).toEqual([
      { TargetGroupArn: groups.blue, Weight: 0 },
      { TargetGroupArn: groups.green, Weight: 100 },
    ]);
  });

  it("finds a target unhealthy after several wrong answers, and healthy after several right ones", async () => {
    blueIsWell = false;
    await until("blue to be unhealthy", async () => (await state(groups.blue)).includes("unhealthy"));
    blueIsWell = true;
    await until("blue to be healthy again", async () => (await state(groups.blue)).includes("healthy"));
  });

  it("refuses weights and groups that are none, and leaves the default rule to its listener", async () => {
    const { listener } = await bench.balancer("other", groups.green);
    const { Rules } = await bench.elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
    const modified = (RuleArn: string, TargetGroupArn: string, Weight: number) =>
      bench.elb.send(
        new ModifyRuleCommand({
          RuleArn,
          Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight }] } }],
        }),
      );

    await expect(weigh(1000, 0)).rejects.toMatchObject({ name: "ValidationError" });
    await expect(modified(rule, `${groups.blue}x`, 1)).rejects.toMatchObject({
      name: "TargetGroupNotFoundException",
    });
    await expect(modified(Rules![0]!.RuleArn!, groups.blue, 1)).rejects.toMatchObject({
      name: "OperationNotPermittedException",
    });
    await expect(modified(`${rule}0`, groups.blue, 1)).rejects.toMatchObject({
      name: "RuleNotFoundException",
    });
  });
});
