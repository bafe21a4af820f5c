import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  comparedStates,
  mustBeUnlocked,
  stateIn,
} from "../../../../lambdas/actions/s3-object-version/terraform.ts";
import { versionsOf } from "../../../../lambdas/runtime/object-version.ts";
import { s3 } from "../../../../sandbox/services/s3/index.ts";
import { openWorld, type TestWorld } from "../../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../../environment.ts";

const Bucket = "states";
let test: TestWorld;
let client: S3Client;
const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const state = (lineage: string, serial: number) => JSON.stringify({ version: 4, lineage, serial });
/** The head of a state that is put on top of another one. */
async function compared(key: string, ...states: [earlier: string, present: string]) {
  for (const each of states) await put(key, each);
  const [current, target] = await versionsOf(Bucket, key);
  return comparedStates(Bucket, key, { current: current!, target: target! });
}

beforeAll(async () => {
  test = await openWorld([s3]);
  lambdaEnvironment(test);
  client = new S3Client({ ...test.admin, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
});
afterAll(() => test.close());

describe("a Terraform state that is put back", () => {
  it("is an earlier one of the same lineage, and both serials are known", async () => {
    expect(await compared("same", state("a", 3), state("a", 8))).toEqual({ from: 8, to: 3 });
  });

  it("is refused when it is of another lineage, or when one of the two is no state", async () => {
    await expect(compared("other", state("a", 3), state("b", 8))).rejects.toThrow(
      /of the lineage a, the present one of b: .* Nothing was changed/,
    );
    await expect(compared("text", "{}", state("a", 8))).rejects.toThrow(/is no Terraform state/);
    await expect(compared("none", state("a", 3), "not JSON")).rejects.toThrow(/is no Terraform state/);
  });

  it("waits for nobody: while Terraform holds its lock it is refused, and not once the lock is gone", async () => {
    await put("locked", state("a", 1));
    await mustBeUnlocked(Bucket, "locked", "preflight");
    await put("locked.tflock", "{}");

    await expect(mustBeUnlocked(Bucket, "locked", "preflight")).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining("Terraform holds the lock s3://states/locked.tflock since"),
    });
    await expect(mustBeUnlocked(Bucket, "locked", "apply")).rejects.toMatchObject({
      name: "ChangedSincePreflight",
      message: expect.stringContaining("The state was left as it is."),
    });
    await client.send(new DeleteObjectCommand({ Bucket, Key: "locked.tflock" }));
    await expect(mustBeUnlocked(Bucket, "locked", "apply")).resolves.toBeUndefined();
  });

  it("has a lineage and a whole serial", () => {
    expect(stateIn(state("a", 0))).toEqual({ lineage: "a", serial: 0 });
    expect(["", "[]", "null", '{"lineage":"a"}', '{"lineage":"a","serial":"1"}'].map(stateIn)).toEqual(
      Array(5).fill(undefined),
    );
  });
});
