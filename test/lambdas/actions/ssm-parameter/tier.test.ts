import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/ssm-parameter/handler.ts";
import { mustTakeAnother } from "../../../../lambdas/actions/ssm-parameter/target.ts";
import { ssm } from "../../../../sandbox/services/ssm/index.ts";
import { type PermittedWorld, permittedWorld } from "../permitted.ts";

describe("a parameter as it grew in production", () => {
  let world: PermittedWorld;
  let client: SSMClient;
  const put = (Name: string, Value: string, Tier: "Standard" | "Advanced") =>
    client.send(new PutParameterCommand({ Name, Value, Type: "String", Tier, Overwrite: true }));
  const textOf = async (Name: string) =>
    (await client.send(new GetParameterCommand({ Name }))).Parameter!.Value;

  beforeAll(async () => {
    world = await permittedWorld([ssm]);
    client = new SSMClient(world.test.admin);
  });
  afterAll(() => world?.test.close());

  it("goes back to a value that it had in the standard tier, and stays advanced", async () => {
    await put("/shop/config", "small", "Standard");
    await put("/shop/config", "x".repeat(5000), "Advanced");
    const step = world.step("ssm-parameter", verbs, { parameter: "/shop/config" });
    await step.apply();
    const back = await textOf("/shop/config");
    await step.revert();

    expect(back).toBe("small");
    expect(await textOf("/shop/config")).toHaveLength(5000);
    const { Parameters } = await client.send(new GetParameterHistoryCommand({ Name: "/shop/config" }));
    expect(Parameters!.map(({ Tier }) => Tier)).toEqual(["Standard", "Advanced", "Advanced", "Advanced"]);
  });

  it("is refused before anything is changed, when its hundredth version leaves no room beside a label", async () => {
    for (let version = 1; version <= 100; version += 1) await put("/shop/full", String(version), "Standard");
    const step = () => world.step("ssm-parameter", verbs, { parameter: "/shop/full" }).preflight();
    await expect(step()).resolves.toMatchObject({ before: { version: 100, target: 99 } });
    await client.send(
      new LabelParameterVersionCommand({ Name: "/shop/full", ParameterVersion: 1, Labels: ["golden"] }),
    );

    await expect(put("/shop/full", "one more", "Standard")).rejects.toMatchObject({
      name: "ParameterMaxVersionLimitExceeded",
    });
    await expect(step()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(/oldest \(1\) has the label golden.*Nothing was changed/),
    });
  });

  it("is refused as an image id, which AWS takes over later or not at all", () => {
    expect(() => mustTakeAnother("/ami", [{ Version: 1, DataType: "aws:ec2:image" }])).toThrow(
      /aws:ec2:image.*Nothing was changed/,
    );
    expect(() => mustTakeAnother("/text", [{ Version: 1, DataType: "text" }])).not.toThrow();
  });
});
