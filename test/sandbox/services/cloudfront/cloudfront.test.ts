import { request } from "node:https";
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateFor } from "../../../../sandbox/engines/ca.ts";
import { createDistribution } from "../../../../sandbox/engines/edge.ts";
import { hostOf } from "../../../../sandbox/engines/hosts.ts";
import { cloudfront } from "../../../../sandbox/services/cloudfront/index.ts";
import { s3 } from "../../../../sandbox/services/s3/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

const ID = "E2TESTEDGE";
const NAME = "updates.tunnel.example";
let test: TestWorld;
let client: CloudFrontClient;
let objects: S3Client;
let ca: string;

const put = (Body: string) =>
  objects.send(
    new PutObjectCommand({
      Bucket: "updates",
      Key: "updates/version.json",
      Body,
      CacheControl: "max-age=86400",
    }),
  );
const invalidate = (CallerReference: string, ...Items: string[]) =>
  client.send(
    new CreateInvalidationCommand({
      DistributionId: ID,
      InvalidationBatch: { CallerReference, Paths: { Quantity: Items.length, Items } },
    }),
  );
/** As a client of the distribution would. */
const fetched = (path: string) =>
  new Promise<{ status: number; cache: unknown; body: string }>((resolve, reject) => {
    const { address } = hostOf(test.world, NAME)!;
    request(
      { host: address, port: 20_443, servername: NAME, path, ca, headers: { host: NAME } },
      (response) => {
        let body = "";
        response.on("data", (part: Buffer) => {
          body += part;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode!, cache: response.headers["x-cache"], body }),
        );
      },
    )
      .on("error", reject)
      .end();
  });

beforeAll(async () => {
  test = await openWorld([s3, cloudfront]);
  client = new CloudFrontClient(test.admin);
  objects = new S3Client({ ...test.admin, forcePathStyle: true });
  ca = (await certificateFor(test.world, ["x"])).caPem;
  await objects.send(new CreateBucketCommand({ Bucket: "updates" }));
  await createDistribution(test.world, { id: ID, bucket: "updates", aliases: [NAME] });
});
afterAll(() => test.close());

describe("a distribution", () => {
  it("reads its bucket only when the bucket's policy lets CloudFront in", async () => {
    await put("one");
    const before = await fetched("/updates/version.json");
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::updates/*",
          Condition: {
            StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${test.world.account}:distribution/${ID}` },
          },
        },
      ],
    });
    await objects.send(new PutBucketPolicyCommand({ Bucket: "updates", Policy }));

    expect(before.status).toBe(403);
    expect(await fetched("/updates/version.json")).toMatchObject({ status: 200, body: "one" });
    expect((await fetched("/nowhere")).status).toBe(404);
  });

  it("serves what it has cached until an invalidation has made it forget", async () => {
    await put("two");
    const cached = await fetched("/updates/version.json");

    const { Invalidation } = await invalidate("first", "/updates/*");
    await until("the invalidation to be completed", async () => {
      const found = await client.send(
        new GetInvalidationCommand({ DistributionId: ID, Id: Invalidation!.Id }),
      );
      return found.Invalidation!.Status === "Completed";
    });

    expect(cached).toMatchObject({ body: "one", cache: "Hit from cloudfront" });
    expect(Invalidation!.Status).toBe("InProgress");
    expect(await fetched("/updates/version.json")).toMatchObject({
      body: "two",
      cache: "Miss from cloudfront",
    });
  });

  it("is described with its names and its origin", async () => {
    const { Distribution } = await client.send(new GetDistributionCommand({ Id: ID }));

    expect(Distribution).toMatchObject({
      Status: "Deployed",
      DomainName: expect.stringMatching(/^d[a-z0-9]{13}\.cloudfront\.net$/),
      DistributionConfig: { Enabled: true, Aliases: { Items: [NAME] } },
    });
    await expect(client.send(new GetDistributionCommand({ Id: "ENOWHERE" }))).rejects.toMatchObject({
      name: "NoSuchDistribution",
    });
  });
});

describe("an invalidation", () => {
  it("is the same one for the same caller reference and paths, and an error for other paths", async () => {
    const [one, two] = [await invalidate("again", "/a", "/b*"), await invalidate("again", "/b*", "/a")];

    expect(two.Invalidation!.Id).toBe(one.Invalidation!.Id);
    await expect(invalidate("again", "/c")).rejects.toMatchObject({ name: "InvalidationBatchAlreadyExists" });
    const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId: ID }));
    expect(InvalidationList!.Quantity).toBe(2);
  });

  it.each(["a", "/a*b"])("of the path %s is refused", async (path) => {
    await expect(invalidate(`bad ${path}`, path)).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("needs the right to the distribution", async () => {
    const role = await test.as("nobody", [
      { Effect: "Allow", Action: "cloudfront:GetDistribution", Resource: "*" },
    ]);

    await expect(
      new CloudFrontClient(role).send(
        new CreateInvalidationCommand({
          DistributionId: ID,
          InvalidationBatch: { CallerReference: "x", Paths: { Quantity: 1, Items: ["/"] } },
        }),
      ),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
