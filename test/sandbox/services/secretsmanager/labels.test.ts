import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal, type SecretsWorld, secretsWorld } from "./fixture.ts";

let here: SecretsWorld;
let SecretId: string;
let first: string;
let second: string;
let count = 0;
beforeAll(async () => {
  here = await secretsWorld();
});
afterAll(() => here.stop());
beforeEach(async () => {
  SecretId = `labels-${++count}`;
  first = (await here.call("CreateSecret", { Name: SecretId, SecretString: "one" })).VersionId;
  second = (await here.call("PutSecretValue", { SecretId, SecretString: "two" })).VersionId;
});

const move = (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
  here.call("UpdateSecretVersionStage", { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId });

describe("UpdateSecretVersionStage", () => {
  it("moves AWSCURRENT back, and AWSPREVIOUS by itself to the version that lost it", async () => {
    await move("AWSCURRENT", first, second);

    expect(await here.labels(SecretId)).toEqual({ [first]: ["AWSCURRENT"], [second]: ["AWSPREVIOUS"] });
    expect(await here.value(SecretId)).toBe("one");
  });

  it("done twice with the same ids changes nothing the second time, and does not swap back", async () => {
    await move("AWSCURRENT", first, second);

    await expect(move("AWSCURRENT", first, second)).rejects.toMatchObject({
      code: "InvalidParameterException",
    });

    expect(await here.value(SecretId)).toBe("one");
  });

  it("moves AWSCURRENT to a version that has no label any more", async () => {
    const third = (await here.call("PutSecretValue", { SecretId, SecretString: "three" })).VersionId;

    await move("AWSCURRENT", first, third);

    expect(await here.labels(SecretId)).toEqual({ [first]: ["AWSCURRENT"], [third]: ["AWSPREVIOUS"] });
  });

  it("is a compare-and-set: without the holder it names the holder, with another version it refuses", async () => {
    const third = (await here.call("PutSecretValue", { SecretId, SecretString: "three" })).VersionId;

    await expect(move("AWSCURRENT", first)).rejects.toMatchObject(
      refusal(
        "InvalidParameterException",
        `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${third}, so you must explicitly reference that version in RemoveFromVersionId.`,
      ),
    );
    await expect(move("AWSCURRENT", first, second)).rejects.toMatchObject(
      refusal(
        "InvalidParameterException",
        "When you move staging label AWSCURRENT, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label AWSCURRENT.",
      ),
    );

    expect(await here.value(SecretId)).toBe("three");
  });

  it("never takes AWSCURRENT away without a new holder", async () => {
    await expect(move("AWSCURRENT", undefined, second)).rejects.toMatchObject(
      refusal(
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.",
      ),
    );

    expect(await here.labels(SecretId)).toMatchObject({ [second]: ["AWSCURRENT"] });
  });

  it("attaches a label that nobody holds, moves it, and takes it off; others stay where they are", async () => {
    await move("blue", first);
    await move("blue", second, first);
    const moved = await here.labels(SecretId);
    await move("blue", undefined, second);

    expect(moved).toEqual({ [first]: ["AWSPREVIOUS"], [second]: ["AWSCURRENT", "blue"] });
    expect(await here.labels(SecretId)).toEqual({ [first]: ["AWSPREVIOUS"], [second]: ["AWSCURRENT"] });
  });

  it("leaves AWSPENDING where it is when AWSCURRENT moves", async () => {
    const pending = await here.call("PutSecretValue", {
      SecretId,
      SecretString: "next",
      VersionStages: ["AWSPENDING"],
    });

    await move("AWSCURRENT", first, second);

    expect(await here.labels(SecretId)).toMatchObject({ [pending.VersionId]: ["AWSPENDING"] });
  });

  it("AWSCURRENT is given to the first version of a secret whatever labels it was put with", async () => {
    const Name = `${SecretId}-empty`;
    await here.call("CreateSecret", { Name });

    const { VersionId } = await here.call("PutSecretValue", {
      SecretId: Name,
      SecretString: "x",
      VersionStages: ["AWSPENDING"],
    });

    expect(await here.labels(Name)).toEqual({ [VersionId]: ["AWSCURRENT", "AWSPENDING"] });
  });

  it("refuses a version that does not exist and a request without any", async () => {
    const unknown = crypto.randomUUID();

    await expect(move("AWSCURRENT", unknown, second)).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(move("AWSCURRENT")).rejects.toMatchObject({ code: "InvalidParameterException" });
  });
});

describe("versions without labels", () => {
  it("are listed only when deprecated ones are asked for, and can still be read by their id", async () => {
    const third = (await here.call("PutSecretValue", { SecretId, SecretString: "three" })).VersionId;
    const list = async (IncludeDeprecated: boolean) =>
      (
        await here.call<{ Versions: { VersionId: string; VersionStages?: string[] }[] }>(
          "ListSecretVersionIds",
          { SecretId, IncludeDeprecated },
        )
      ).Versions.map(({ VersionId, VersionStages }) => [VersionId, VersionStages]);

    expect(await list(false)).toEqual([
      [second, ["AWSPREVIOUS"]],
      [third, ["AWSCURRENT"]],
    ]);
    expect(await list(true)).toEqual([
      [first, undefined],
      [second, ["AWSPREVIOUS"]],
      [third, ["AWSCURRENT"]],
    ]);
    expect(await here.value(SecretId, { VersionId: first })).toBe("one");
  });

  it("beyond the last hundred are removed when they are older than a day, never a labelled one", async () => {
    for (let index = 0; index < 120; index++)
      await here.call("PutSecretValue", { SecretId, SecretString: `value ${index}` });
    const versions = async () =>
      (await here.call<{ Versions: object[] }>("ListSecretVersionIds", { SecretId, IncludeDeprecated: true }))
        .Versions.length;
    const young = await versions();
    await move("keep", second);
    await here.world.clock.sleep(25 * 3_600_000);
    const last = await here.call("PutSecretValue", { SecretId, SecretString: "last" });

    expect(young).toBe(122);
    expect(await versions()).toBe(100 + 3);
    expect(await here.labels(SecretId)).toMatchObject({
      [second]: ["keep"],
      [last.VersionId]: ["AWSCURRENT"],
    });
  });
});
