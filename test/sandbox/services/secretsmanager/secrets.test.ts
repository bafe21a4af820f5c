import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal, type SecretsWorld, secretsWorld } from "./fixture.ts";

const DAY = 86_400_000;
let here: SecretsWorld;
let SecretId: string;
let count = 0;
beforeAll(async () => {
  here = await secretsWorld();
});
afterAll(() => here.stop());
beforeEach(() => {
  SecretId = `secret-${++count}`;
});

const create = (input: object = {}) =>
  here.call("CreateSecret", { Name: SecretId, SecretString: "one", ...input });
const put = (input: object) => here.call("PutSecretValue", { SecretId, SecretString: "two", ...input });

describe("ClientRequestToken", () => {
  const ClientRequestToken = "0f0e0d0c-0b0a-4990-8877-665544332211";

  it("is the version's id, and the same request again is the same version", async () => {
    await create();

    const once = await put({ ClientRequestToken });
    const twice = await put({ ClientRequestToken });

    expect([once.VersionId, twice.VersionId]).toEqual([ClientRequestToken, ClientRequestToken]);
    expect(Object.keys((await here.labels(SecretId))!)).toHaveLength(2);
  });

  it("used again with another value is refused, and the value stays", async () => {
    const { ARN } = await create({ ClientRequestToken });

    await expect(put({ ClientRequestToken })).rejects.toMatchObject(
      refusal(
        "ResourceExistsException",
        `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${ARN}.`,
      ),
    );
    await expect(
      here.call("UpdateSecret", { SecretId, SecretString: "two", ClientRequestToken }),
    ).rejects.toMatchObject({ code: "ResourceExistsException" });

    expect(await here.value(SecretId)).toBe("one");
  });

  it("makes CreateSecret repeatable with the same value only", async () => {
    const first = await create({ ClientRequestToken });

    const again = await create({ ClientRequestToken });

    expect(again).toEqual(first);
    await expect(create({ ClientRequestToken, SecretString: "two" })).rejects.toMatchObject({
      code: "ResourceExistsException",
    });
    await expect(create()).rejects.toMatchObject(
      refusal(
        "ResourceExistsException",
        `The operation failed because the secret ${SecretId} already exists.`,
      ),
    );
  });

  it("repeats a binary value by its bytes", async () => {
    await create({ ClientRequestToken, SecretString: undefined, SecretBinary: Buffer.from([1, 2]) });

    await expect(
      create({ ClientRequestToken, SecretString: undefined, SecretBinary: Buffer.from([1, 3]) }),
    ).rejects.toMatchObject({ code: "ResourceExistsException" });
  });

  it.each(["short", "x".repeat(65)])("of another length than 32 to 64 is refused: %s", async (token) => {
    await create();

    await expect(put({ ClientRequestToken: token })).rejects.toMatchObject(
      refusal("InvalidParameterException", "ClientRequestToken must be 32-64 characters long."),
    );
  });
});

describe("a value", () => {
  it("is a string or bytes, not both, not neither", async () => {
    await create();

    await expect(put({ SecretBinary: Buffer.from("x") })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await expect(put({ SecretString: undefined })).rejects.toMatchObject(
      refusal("InvalidRequestException", "You must provide either SecretString or SecretBinary."),
    );
    expect(await here.value(SecretId)).toBe("one");
  });

  it("put again makes the version before it AWSPREVIOUS, and the one before that has no label", async () => {
    const first = await create();
    const second = await put({});
    const third = await put({ SecretString: "three" });

    expect(await here.labels(SecretId)).toEqual({
      [second.VersionId]: ["AWSPREVIOUS"],
      [third.VersionId]: ["AWSCURRENT"],
    });
    expect(await here.value(SecretId, { VersionStage: "AWSPREVIOUS" })).toBe("two");
    expect(await here.value(SecretId, { VersionId: first.VersionId })).toBe("one");
  });

  it("asked for by an id and a label that do not belong together is refused", async () => {
    const { VersionId } = await create();
    await put({});

    await expect(here.value(SecretId, { VersionId, VersionStage: "AWSCURRENT" })).rejects.toMatchObject(
      refusal(
        "InvalidRequestException",
        "You provided a VersionStage that is not associated to the provided VersionId.",
      ),
    );
  });

  it("leaves the day of its last use, not the moment", async () => {
    const used = async () =>
      (await here.call<{ LastAccessedDate?: Date }>("DescribeSecret", { SecretId })).LastAccessedDate;
    await create();
    const before = await used();

    await here.value(SecretId);

    expect(before).toBeUndefined();
    expect((await used())!.getTime() % DAY).toBe(0);
  });
});

describe("DeleteSecret", () => {
  const remove = (input: object = {}) =>
    here.call<{ DeletionDate: Date }>("DeleteSecret", { SecretId, ...input });
  const deletedDate = async () =>
    (await here.call<{ DeletedDate?: Date }>("DescribeSecret", { SecretId })).DeletedDate;

  it("only schedules: in thirty days unless told otherwise, and until then nothing can be read or changed", async () => {
    await create();
    const before = here.world.clock.now();

    const { DeletionDate } = await remove();

    expect((DeletionDate.getTime() - before) / DAY).toBeCloseTo(30, 1);
    expect(await deletedDate()).toEqual(DeletionDate);
    const marked = refusal(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
    for (const call of ["GetSecretValue", "PutSecretValue", "UpdateSecret", "TagResource", "RotateSecret"])
      await expect(here.call(call, { SecretId, SecretString: "x", Tags: [] })).rejects.toMatchObject(marked);
  });

  it("is taken back by RestoreSecret with every version and label", async () => {
    const first = await create();
    const second = await put({});
    await remove({ RecoveryWindowInDays: 7 });

    await here.call("RestoreSecret", { SecretId });

    expect(await deletedDate()).toBeUndefined();
    expect(await here.labels(SecretId)).toEqual({
      [first.VersionId]: ["AWSPREVIOUS"],
      [second.VersionId]: ["AWSCURRENT"],
    });
    expect(await here.value(SecretId)).toBe("two");
  });

  it("is carried out when the recovery window is over: then there is nothing to restore", async () => {
    await create();
    await remove({ RecoveryWindowInDays: 7 });
    await here.world.clock.sleep(7 * DAY + 60_000);

    await expect(here.call("RestoreSecret", { SecretId })).rejects.toMatchObject(
      refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    );
    await expect(create()).resolves.toMatchObject({ Name: SecretId });
  });

  it.each([6, 31])("refuses a recovery window of %i days", async (RecoveryWindowInDays) => {
    await create();

    await expect(remove({ RecoveryWindowInDays })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    expect(await here.value(SecretId)).toBe("one");
  });

  it("refuses force together with a window, and forced it is gone at once, asked twice or never there", async () => {
    await create();
    await expect(remove({ ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 })).rejects.toMatchObject(
      { code: "InvalidParameterException" },
    );

    await remove({ ForceDeleteWithoutRecovery: true });

    await expect(here.value(SecretId)).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    await expect(remove({ ForceDeleteWithoutRecovery: true })).resolves.toMatchObject({ Name: SecretId });
    await expect(remove()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });

  it("keeps the name taken until the window is over", async () => {
    await create();
    await remove();

    await expect(create()).rejects.toMatchObject(
      refusal(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      ),
    );
  });
});

describe("a secret's ARN", () => {
  it("finds it in full and without the random end; one of another secret or account does not", async () => {
    const { ARN } = await create();

    expect(await here.value(ARN)).toBe("one");
    expect(await here.value(ARN.slice(0, -7))).toBe("one");
    await expect(here.value(`${ARN.slice(0, -6)}XXXXXX`)).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(here.value(ARN.replace("123456789012", "999999999999"))).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });
});

describe("ListSecrets", () => {
  const listed = async (...filters: [string, ...string[]][]) => {
    const Filters = filters.map(([Key, ...Values]) => ({ Key, Values }));
    const { SecretList } = await here.call<{ SecretList: { Name: string }[] }>("ListSecrets", { Filters });
    return SecretList.map(({ Name }) => Name)
      .filter((name) => name.includes("filter"))
      .sort();
  };

  it("filters names by their beginning, descriptions by the beginnings of their words, and by what is not", async () => {
    const secrets = { "filter/One": "a secret", "/filter/two": "an old Secret", "filter/three": "asecret" };
    for (const [Name, Description] of Object.entries(secrets))
      await here.call("CreateSecret", { Name, Description, Tags: [{ Key: "team", Value: `${Name} crew` }] });

    expect(await listed(["name", "/"])).toEqual(["/filter/two"]);
    expect(await listed(["name", "!/"])).toEqual(["filter/One", "filter/three"]);
    expect(await listed(["name", "filter/one"])).toEqual([]);
    expect(await listed(["description", "a secret"])).toEqual(["/filter/two", "filter/One"]);
    expect(await listed(["description", "OLD"])).toEqual(["/filter/two"]);
    expect(await listed(["tag-key", "te"], ["name", "filter/t"])).toEqual(["filter/three"]);
    expect(await listed(["tag-value", "filter/One"])).toEqual(["filter/One"]);
    expect(await listed(["all", "old"])).toEqual(["/filter/two"]);
  });

  it("answers in pages that together hold every secret once, and none that is marked for deletion", async () => {
    for (let index = 0; index < 5; index++) await here.call("CreateSecret", { Name: `page-${index}` });
    await here.call("DeleteSecret", { SecretId: "page-3" });
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await here.call<{ SecretList: { Name: string }[]; NextToken?: string }>("ListSecrets", {
        MaxResults: 2,
        NextToken,
        Filters: [{ Key: "name", Values: ["page-"] }],
      });
      expect(page.SecretList.length).toBeLessThanOrEqual(2);
      names.push(...page.SecretList.map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken);

    expect(names.sort()).toEqual(["page-0", "page-1", "page-2", "page-4"]);
  });
});
