import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RotationEvent, refusal, type SecretsWorld, secretsWorld } from "./fixture.ts";

const RotationLambdaARN = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
let here: SecretsWorld;
let SecretId: string;
let first: string;
let count = 0;
let steps: string[];
let failing: string | undefined;

/** What AWS's rotation template does: read the pending version, make it when it has no value, move AWSCURRENT. */
async function rotation({ Step, SecretId: secret, ClientRequestToken }: RotationEvent): Promise<void> {
  steps.push(Step);
  if (Step === failing) throw new Error(`${Step} failed`);
  if (Step === "createSecret")
    await here
      .value(secret, { VersionId: ClientRequestToken, VersionStage: "AWSPENDING" })
      .catch(async ({ code }: { code: string }) => {
        steps.push(code);
        await here.call("PutSecretValue", {
          SecretId: secret,
          ClientRequestToken,
          SecretString: "rotated",
          VersionStages: ["AWSPENDING"],
        });
      });
  if (Step === "finishSecret")
    await here.call("UpdateSecretVersionStage", {
      SecretId: secret,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: first,
    });
}

beforeAll(async () => {
  here = await secretsWorld(rotation);
});
afterAll(() => here.stop());
beforeEach(async () => {
  SecretId = `rotated-${++count}`;
  steps = [];
  failing = undefined;
  first = (await here.call("CreateSecret", { Name: SecretId, SecretString: "one" })).VersionId;
});
const rotate = (input: object = {}) =>
  here.call("RotateSecret", {
    SecretId,
    RotationLambdaARN,
    RotationRules: { AutomaticallyAfterDays: 1 },
    ...input,
  });

describe("RotateSecret", () => {
  it("runs the four steps; the pending version has no value until the function puts one", async () => {
    const { VersionId } = await rotate();
    await expect
      .poll(() => here.labels(SecretId))
      .toEqual({
        [VersionId]: ["AWSCURRENT"],
        [first]: ["AWSPREVIOUS"],
      });

    expect(steps).toEqual([
      "createSecret",
      "ResourceNotFoundException",
      "setSecret",
      "testSecret",
      "finishSecret",
    ]);
    expect(await here.value(SecretId)).toBe("rotated");
  });

  it("that fails leaves AWSCURRENT where it was and AWSPENDING on the new version, which blocks the next one", async () => {
    failing = "testSecret";
    const { VersionId } = await rotate();
    await expect.poll(() => steps).toContain("testSecret");

    expect(await here.labels(SecretId)).toEqual({ [first]: ["AWSCURRENT"], [VersionId]: ["AWSPENDING"] });
    expect(await here.value(SecretId)).toBe("one");
    await expect(rotate()).rejects.toMatchObject(
      refusal(
        "InvalidRequestException",
        "A previous rotation isn't complete. That rotation will be reattempted.",
      ),
    );
  });

  it("asked again with the token of the rotation under way goes on with that one", async () => {
    failing = "setSecret";
    const { VersionId } = await rotate();
    await expect.poll(() => steps).toContain("setSecret");
    failing = undefined;

    await rotate({ ClientRequestToken: VersionId });

    await expect
      .poll(() => here.labels(SecretId))
      .toEqual({
        [VersionId]: ["AWSCURRENT"],
        [first]: ["AWSPREVIOUS"],
      });
  });

  it("runs again when AWSPENDING was taken off by hand", async () => {
    failing = "testSecret";
    const failed = await rotate();
    await expect.poll(() => steps).toContain("testSecret");
    failing = undefined;
    await here.call("UpdateSecretVersionStage", {
      SecretId,
      VersionStage: "AWSPENDING",
      RemoveFromVersionId: failed.VersionId,
    });

    const { VersionId } = await rotate();

    await expect.poll(() => here.labels(SecretId)).toMatchObject({ [VersionId]: ["AWSCURRENT"] });
  });

  it("without a function is refused, and changes nothing", async () => {
    await expect(rotate({ RotationLambdaARN: undefined })).rejects.toMatchObject(
      refusal("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."),
    );

    expect(await here.call("DescribeSecret", { SecretId })).not.toHaveProperty("RotationEnabled", true);
  });
});
