import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  GetEnvironmentCommand,
  GetHostedConfigurationVersionCommand,
  ListDeploymentsCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appconfig } from "../../../../sandbox/services/appconfig/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: AppConfigClient;
let data: AppConfigDataClient;
const ids = { ApplicationId: "", EnvironmentId: "", ConfigurationProfileId: "" };
let atOnce = "";
let byHalves = "";

const flags = (enabled: boolean, rolloutPercent: number) => ({
  version: "1",
  flags: {
    "retry-logic": {
      name: "Retry logic",
      attributes: { rolloutPercent: { constraints: { type: "number", minimum: 0, maximum: 100 } } },
    },
  },
  values: { "retry-logic": { enabled, rolloutPercent } },
});
const put = (content: object, more: object = {}) =>
  client.send(
    new CreateHostedConfigurationVersionCommand({
      ...ids,
      Content: Buffer.from(JSON.stringify(content)),
      ContentType: "application/json",
      ...more,
    }),
  );
const deploy = (ConfigurationVersion: number, DeploymentStrategyId: string, more: object = {}) =>
  client.send(
    new StartDeploymentCommand({
      ...ids,
      DeploymentStrategyId,
      ConfigurationVersion: String(ConfigurationVersion),
      ...more,
    }),
  );
const stop = (DeploymentNumber: number | undefined, AllowRevert = true) =>
  client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber, AllowRevert }));
const deployment = (DeploymentNumber: number | undefined) =>
  client.send(new GetDeploymentCommand({ ...ids, DeploymentNumber }));
const environment = async () => (await client.send(new GetEnvironmentCommand(ids))).State;

async function session(): Promise<string> {
  const { InitialConfigurationToken } = await data.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: "chat",
      EnvironmentIdentifier: "production",
      ConfigurationProfileIdentifier: "flags",
    }),
  );
  return InitialConfigurationToken!;
}
async function poll(ConfigurationToken: string) {
  const answer = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
  return {
    text: Buffer.from(answer.Configuration ?? []).toString(),
    next: answer.NextPollConfigurationToken!,
  };
}
const flag = async () => JSON.parse((await poll(await session())).text)["retry-logic"];

beforeAll(async () => {
  test = await openWorld([appconfig], { speed: 600 });
  client = new AppConfigClient(test.admin);
  data = new AppConfigDataClient(test.admin);
  ids.ApplicationId = (await client.send(new CreateApplicationCommand({ Name: "chat" }))).Id!;
  const { ApplicationId } = ids;
  ids.EnvironmentId = (await client.send(new CreateEnvironmentCommand({ ApplicationId, Name: "production" })))
    .Id!;
  ids.ConfigurationProfileId = (
    await client.send(
      new CreateConfigurationProfileCommand({
        ApplicationId,
        Name: "flags",
        LocationUri: "hosted",
        Type: "AWS.AppConfig.FeatureFlags",
      }),
    )
  ).Id!;
  const strategy = async (Name: string, minutes: number, GrowthFactor: number) =>
    (
      await client.send(
        new CreateDeploymentStrategyCommand({
          Name,
          DeploymentDurationInMinutes: minutes,
          GrowthFactor,
          FinalBakeTimeInMinutes: 0,
          ReplicateTo: "NONE",
        }),
      )
    ).Id!;
  atOnce = await strategy("at once", 0, 100);
  byHalves = await strategy("by halves", 1440, 50);
  await put(flags(true, 50));
  await deploy(1, atOnce);
});
afterAll(() => test.close());

describe("AppConfig", () => {
  it("keeps versions, and takes a new one only over the latest that the caller knows", async () => {
    const stale = put(flags(true, 40), { LatestVersionNumber: 7 });
    await expect(stale).rejects.toMatchObject({ name: "ConflictException" });
    const { VersionNumber } = await put(flags(true, 40), { LatestVersionNumber: 1, VersionLabel: "by-40" });

    const { Items = [] } = await client.send(
      new ListHostedConfigurationVersionsCommand({ ...ids, VersionLabel: "by-*" }),
    );
    const read = await client.send(
      new GetHostedConfigurationVersionCommand({ ...ids, VersionNumber: VersionNumber! }),
    );

    expect(Items.map((each) => each.VersionNumber)).toEqual([VersionNumber]);
    expect(JSON.parse(Buffer.from(read.Content!).toString())).toEqual(flags(true, 40));
  });

  it.each([
    ["no JSON", "{"],
    ["a value outside its attribute's limits", flags(true, 140)],
    ["a value without a definition", { version: "1", flags: {}, values: { other: { enabled: true } } }],
  ])("refuses feature flags with %s", async (_, content) => {
    const given = typeof content === "string" ? put({}, { Content: Buffer.from(content) }) : put(content);
    await expect(given).rejects.toMatchObject({ name: "BadRequestException" });
  });

  it("gives clients what is deployed, attributes of enabled flags only, and nothing new when they have it", async () => {
    const { text, next } = await poll(await session());
    const again = await poll(next);
    await put(flags(false, 40));
    const off = await deploy(3, atOnce);
    const changed = await poll(again.next);

    expect(off.State).toBe("COMPLETE");
    expect(JSON.parse(text)).toEqual({ "retry-logic": { enabled: true, rolloutPercent: 50 } });
    expect(again.text).toBe("");
    expect(JSON.parse(changed.text)).toEqual({ "retry-logic": { enabled: false } });
    await expect(poll(next)).rejects.toMatchObject({ name: "BadRequestException" });
  });

  it("a complete deployment is reverted to what was before it", async () => {
    const { Items = [] } = await client.send(new ListDeploymentsCommand(ids));

    const { State } = await stop(Items[0]!.DeploymentNumber);

    expect(State).toBe("REVERTED");
    expect(await environment()).toBe("REVERTED");
    expect(await flag()).toEqual({ enabled: true, rolloutPercent: 50 });
  });

  it("a deployment progresses on the clock, one at a time, and is rolled back when it is stopped", async () => {
    const { DeploymentNumber } = await deploy(3, byHalves);
    await expect(deploy(2, atOnce)).rejects.toMatchObject({ name: "ConflictException" });
    expect(await environment()).toBe("DEPLOYING");

    // Half of the clients after 12 hours: 72 s of this machine.
    expect((await deployment(DeploymentNumber)).PercentageComplete).toBe(0);
    await expect(stop(DeploymentNumber! + 1)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await stop(DeploymentNumber, false);
    await expect.poll(async () => (await deployment(DeploymentNumber)).State).toBe("ROLLED_BACK");

    expect(await flag()).toEqual({ enabled: true, rolloutPercent: 50 });
    const over = deploy(2, atOnce, { LatestDeploymentNumber: 1 });
    await expect(over).rejects.toMatchObject({ name: "ConflictException" });
    expect((await deploy(2, atOnce, { LatestDeploymentNumber: DeploymentNumber })).State).toBe("COMPLETE");
  });

  it("asks IAM for the application, the environment, the profile and the strategy of a deployment", async () => {
    const { ApplicationId, EnvironmentId } = ids;
    const base = `arn:aws:appconfig:us-east-1:123456789012:application/${ApplicationId}`;
    const role = await test.as("half", [
      {
        Effect: "Allow",
        Action: "appconfig:StartDeployment",
        Resource: [base, `${base}/environment/${EnvironmentId}`],
      },
    ]);

    const denied = new AppConfigClient(role).send(
      new StartDeploymentCommand({ ...ids, DeploymentStrategyId: atOnce, ConfigurationVersion: "1" }),
    );

    await expect(denied).rejects.toThrow(/configurationprofile/);
  });
});
