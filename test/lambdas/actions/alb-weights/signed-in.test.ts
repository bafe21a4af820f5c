import { createServer, type Server } from "node:http";
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, UploadServerCertificateCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/alb-weights/handler.ts";
import { certificateFor } from "../../../../sandbox/engines/ca.ts";
import { elasticloadbalancing } from "../../../../sandbox/services/elasticloadbalancing/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { EcsBench } from "../../../sandbox/services/ecs/bench.ts";
import { type PermittedWorld, permittedWorld } from "../permitted.ts";

const POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_shop";
const OIDC: Action = {
  Type: "authenticate-oidc",
  Order: 1,
  AuthenticateOidcConfig: {
    Issuer: "https://login.example",
    AuthorizationEndpoint: "https://login.example/authorize",
    TokenEndpoint: "https://login.example/token",
    UserInfoEndpoint: "https://login.example/user",
    ClientId: "shop",
    ClientSecret: "canary-client-secret",
    SessionTimeout: 3600,
  },
};
const COGNITO: Action = {
  Type: "authenticate-cognito",
  Order: 1,
  AuthenticateCognitoConfig: { UserPoolArn: POOL, UserPoolClientId: "shop", UserPoolDomain: "shop" },
};

describe("traffic behind a sign-in", () => {
  let world: PermittedWorld;
  let elb: ElasticLoadBalancingV2Client;
  let server: Server;
  let listener: string;
  let plain: string;
  const rules = { oidc: "", cognito: "" };
  const groups = { blue: "", green: "" };
  const forward = (blue: number, green: number): Action => ({
    Type: "forward",
    Order: 2,
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: groups.blue, Weight: blue },
        { TargetGroupArn: groups.green, Weight: green },
      ],
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
    },
  });
  const ruleOf = async (arn: string) =>
    (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules![0]!.Actions!;
  const defaultsOf = async (arn: string) =>
    (await elb.send(new DescribeListenersCommand({ ListenerArns: [arn] }))).Listeners![0]!;
  const rule = async (path: string, Priority: number, first: Action) =>
    (
      await elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority,
          Conditions: [{ Field: "path-pattern", Values: [path] }],
          Actions: [first, forward(0, 100)],
        }),
      )
    ).Rules![0]!.RuleArn!;

  beforeAll(async () => {
    world = await permittedWorld([elasticloadbalancing]);
    const { test } = world;
    elb = new ElasticLoadBalancingV2Client(test.admin);
    const bench = new EcsBench(test.world, test.admin);
    groups.blue = await bench.targetGroup("blue");
    groups.green = await bench.targetGroup("green");
    plain = (await bench.balancer("plain", groups.green)).listener;
    const { certPem, keyPem } = await certificateFor(test.world, ["shop.example"]);
    const { ServerCertificateMetadata } = await new IAMClient(test.admin).send(
      new UploadServerCertificateCommand({
        ServerCertificateName: "shop",
        CertificateBody: certPem,
        PrivateKey: keyPem,
      }),
    );
    const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: "shop" }));
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn,
        Port: 443,
        Protocol: "HTTPS",
        Certificates: [{ CertificateArn: ServerCertificateMetadata!.Arn! }],
        DefaultActions: [OIDC, forward(0, 100)],
      }),
    );
    listener = Listeners![0]!.ListenerArn!;
    rules.oidc = await rule("/oidc/*", 1, OIDC);
    rules.cognito = await rule("/cognito/*", 2, COGNITO);
    server = createServer((_, response) => response.end("blue"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port: Port } = server.address() as { port: number };
    await elb.send(
      new RegisterTargetsCommand({ TargetGroupArn: groups.blue, Targets: [{ Id: "127.0.0.1", Port }] }),
    );
    await until("blue to be healthy", async () => {
      const { TargetHealthDescriptions: found = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: groups.blue }),
      );
      return found.some(({ TargetHealth }) => TargetHealth?.State === "healthy");
    });
  });
  afterAll(async () => {
    server?.close();
    await world?.test.close();
  });

  it("moves and goes back, and the sign-in stays with the secret that nobody can read", async () => {
    const before = await ruleOf(rules.oidc);
    const step = world.step("alb-weights", verbs, { rule: rules.oidc, to: groups.blue });
    await step.apply();
    const moved = await ruleOf(rules.oidc);
    await step.revert();

    expect(JSON.stringify([before, await step.preflight()])).not.toContain("canary-client-secret");
    expect(moved).toEqual([
      before[0],
      {
        ...before[1],
        ForwardConfig: {
          ...before[1]!.ForwardConfig,
          TargetGroups: [
            { TargetGroupArn: groups.blue, Weight: 100 },
            { TargetGroupArn: groups.green, Weight: 0 },
          ],
        },
      },
    ]);
    expect(before[0]!.AuthenticateOidcConfig).toMatchObject({ ClientId: "shop", SessionTimeout: 3600 });
    expect(await ruleOf(rules.oidc)).toEqual(before);
  });

  it("keeps a sign-in that somebody changed after preflight", async () => {
    const before = await ruleOf(rules.oidc);
    const step = world.step("alb-weights", verbs, { rule: rules.oidc, to: groups.blue });
    await step.preflight();
    const changed = { ...OIDC.AuthenticateOidcConfig!, SessionTimeout: 60 };
    await elb.send(
      new ModifyRuleCommand({
        RuleArn: rules.oidc,
        Actions: [{ ...OIDC, AuthenticateOidcConfig: changed }, before[1]!],
      }),
    );
    await step.apply();
    const moved = await ruleOf(rules.oidc);
    await step.revert();

    expect(moved[0]!.AuthenticateOidcConfig!.SessionTimeout).toBe(60);
    expect(moved[1]!.ForwardConfig!.TargetGroups![0]!.Weight).toBe(100);
  });

  it("moves by the listener's default actions alone, and its other settings stay", async () => {
    const before = await defaultsOf(listener);
    const step = world.step("alb-weights", verbs, { rule: listener, to: groups.blue });
    await step.apply();
    const moved = await defaultsOf(listener);
    await step.revert();

    expect(moved.DefaultActions![1]!.ForwardConfig!.TargetGroups!.map(({ Weight }) => Weight)).toEqual([
      100, 0,
    ]);
    expect({ ...moved, DefaultActions: [] }).toEqual({ ...before, DefaultActions: [] });
    expect(await defaultsOf(listener)).toEqual(before);
  });

  it("asks for the user pool of an authenticate-cognito action, which AWS reads for the caller", async () => {
    const input = { rule: rules.cognito, to: groups.blue };

    await expect(world.step("alb-weights", verbs, input).preflight()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(POOL),
    });
    await world.step("alb-weights", verbs, { ...input, userPool: POOL }).apply();
    expect((await ruleOf(rules.cognito))[1]!.ForwardConfig!.TargetGroups![0]!.Weight).toBe(100);
  });

  it("refuses a listener that is not there", async () => {
    await expect(
      world
        .step("alb-weights", verbs, { rule: `${listener.slice(0, -16)}${"0".repeat(16)}`, to: groups.blue })
        .preflight(),
    ).rejects.toMatchObject({ name: "Refusal", message: expect.stringContaining("no listener") });
  });

  describe("as Elastic Load Balancing takes it", () => {
    const modified = (Actions: Action[]) => elb.send(new ModifyRuleCommand({ RuleArn: rules.oidc, Actions }));
    const invalid = { name: "InvalidLoadBalancerActionException" };
    const using = (more: object): Action => ({
      ...OIDC,
      AuthenticateOidcConfig: { ...OIDC.AuthenticateOidcConfig!, ...more },
    });

    it("needs the client's secret or the word that it stays, and not both", async () => {
      await expect(modified([using({ ClientSecret: undefined }), forward(0, 100)])).rejects.toMatchObject(
        invalid,
      );
      await expect(
        modified([using({ UseExistingClientSecret: true }), forward(0, 100)]),
      ).rejects.toMatchObject(invalid);
    });

    it("takes sign-ins on HTTPS only, and a forward as the last action", async () => {
      const http = (DefaultActions: Action[]) =>
        elb.send(new ModifyListenerCommand({ ListenerArn: plain, DefaultActions }));

      await expect(http([OIDC, forward(0, 100)])).rejects.toMatchObject(invalid);
      await expect(
        modified([
          { ...forward(0, 100), Order: 1 },
          { ...OIDC, Order: 2 },
        ]),
      ).rejects.toMatchObject(invalid);
      await expect(modified([OIDC])).rejects.toMatchObject(invalid);
    });
  });
});
