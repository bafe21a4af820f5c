import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ecr } from "../../../../sandbox/services/ecr/index.ts";
import { imageManifest } from "../../../../sandbox/services/ecs/program.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

describe("ECR", () => {
  let test: TestWorld;
  let client: ECRClient;
  const manifest = (version: string) => imageManifest({ program: "/app.ts", environment: { version } });
  const put = (repositoryName: string, imageManifest: string, imageTag: string) =>
    client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
  const tags = async (imageTag: string) =>
    (await client.send(new DescribeImagesCommand({ repositoryName: "hub", imageIds: [{ imageTag }] })))
      .imageDetails![0]!.imageTags;

  beforeAll(async () => {
    test = await openWorld([ecr]);
    client = new ECRClient(test.admin);
    await client.send(new CreateRepositoryCommand({ repositoryName: "hub" }));
    await client.send(
      new CreateRepositoryCommand({ repositoryName: "fixed", imageTagMutability: "IMMUTABLE" }),
    );
  });
  afterAll(() => test?.close());

  it("gives one manifest a second name, and moves a name to another manifest", async () => {
    await put("hub", manifest("1"), "1.0");
    await put("hub", manifest("1"), "stable");
    await put("hub", manifest("2"), "2.0");
    expect(await tags("1.0")).toEqual(["1.0", "stable"]);

    await put("hub", manifest("2"), "stable");

    expect(await tags("1.0")).toEqual(["1.0"]);
    expect(await tags("stable")).toEqual(["2.0", "stable"]);
  });

  it("gives a manifest back whole, under its digest", async () => {
    const { images, failures } = await client.send(
      new BatchGetImageCommand({ repositoryName: "hub", imageIds: [{ imageTag: "1.0" }, { imageTag: "9" }] }),
    );

    expect(images).toMatchObject([{ imageManifest: manifest("1"), imageId: { imageTag: "1.0" } }]);
    expect(failures).toMatchObject([{ failureCode: "ImageNotFound" }]);
  });

  it("refuses the same again, a fixed tag's second image, and what does not exist", async () => {
    await put("fixed", manifest("1"), "1.0");

    await expect(put("hub", manifest("1"), "1.0")).rejects.toMatchObject({
      name: "ImageAlreadyExistsException",
    });
    await expect(put("fixed", manifest("2"), "1.0")).rejects.toMatchObject({
      name: "ImageTagAlreadyExistsException",
    });
    await expect(tags("nowhere")).rejects.toMatchObject({ name: "ImageNotFoundException" });
    await expect(put("nowhere", manifest("1"), "1")).rejects.toMatchObject({
      name: "RepositoryNotFoundException",
    });
    await expect(put("hub", '{"layers":[{}]}', "1")).rejects.toThrow(/not implemented by the sandbox/);
  });
});
