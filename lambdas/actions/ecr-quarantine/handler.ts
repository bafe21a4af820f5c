import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  ImageAlreadyExistsException,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { inQuarantine, nextMark } from "../../runtime/quarantine.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { ecrQuarantine } from "./spec.ts";

const ecr = once(() => new ECRClient(clientSettings));
type Input = z.output<typeof ecrQuarantine.input>;
type Before = z.output<typeof ecrQuarantine.before>;

const MISSING = ["ImageNotFoundException", "RepositoryNotFoundException"];

/** Digest and tags of an image; undefined when it does not exist. */
async function find(
  { repository }: Input,
  image: string,
): Promise<{ digest: string; tags: string[] } | undefined> {
  const id = image.startsWith("sha256:") ? { imageDigest: image } : { imageTag: image };
  try {
    const { imageDetails: [found] = [] } = await ecr().send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [id] }),
    );
    return found && { digest: found.imageDigest!, tags: found.imageTags ?? [] };
  } catch (error) {
    if (MISSING.includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** The tags of the image, which must still be there. */
async function tagsOf(input: Input, { digest }: Before): Promise<string[]> {
  const found = await find(input, digest);
  if (found) return found.tags;
  throw new WatchdogError(
    "ChangedSincePreflight",
    `The image ${digest} is no longer in ${input.repository}. No tag was put. Find out who deleted it.`,
  );
}

/** Gives the image one more tag; what it has already is left as it is. */
async function tag({ repository }: Input, { digest }: Before, imageTag: string): Promise<void> {
  const { images: [image] = [] } = await ecr().send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] }),
  );
  try {
    await ecr().send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: image?.imageManifest,
        ...(image?.imageManifestMediaType ? { imageManifestMediaType: image.imageManifestMediaType } : {}),
        imageDigest: digest,
        imageTag,
      }),
    );
  } catch (error) {
    // The SDK called again after a lost reply: the first call put the tag.
    if (!(error instanceof ImageAlreadyExistsException)) throw error;
  }
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run }) {
    const image = input.image === "deployed" ? run.deployment?.version : input.image;
    if (!image)
      throw refusal(
        `No deployment is recorded that this run rolls back from, so nobody knows which image of ${input.repository} is bad. Nothing was changed. Name it in the plan.`,
      );
    const found = await find(input, image);
    if (!found)
      throw refusal(
        `There is no image ${image} in the repository ${input.repository}. Nothing was changed. Name the image's tag or digest in the plan.`,
      );
    const already = inQuarantine(found.tags);
    return {
      before: { digest: found.digest, ...nextMark(found.digest, found.tags), already },
      after: { quarantined: true },
      summary: already
        ? `image ${image} of ${input.repository} is in quarantine already`
        : `image ${image} of ${input.repository} goes into quarantine`,
      evidence: [`${input.repository}@${found.digest}, tags ${found.tags.join(", ") || "none"}`],
      expects: { digest: found.digest },
    };
  },
  async apply(input, { before }) {
    const tags = await tagsOf(input, before);
    if (!before.already && !tags.includes(before.mark)) await tag(input, before, before.mark);
    return {
      done: true,
      note: `${before.digest} is in quarantine`,
      outputs: { digest: before.digest },
    };
  },
  async revert(input, { before }) {
    const tags = await tagsOf(input, before);
    // Only what this run put is taken back, by a second tag: none is ever deleted.
    if (!before.already && tags.includes(before.mark) && !tags.includes(before.lift))
      await tag(input, before, before.lift);
    return { done: true, note: `${before.digest} is as it was` };
  },
  async poll(input, { before }, { phase }) {
    const tags = await tagsOf(input, before);
    const quarantined = inQuarantine(tags);
    return {
      done: quarantined === (phase === "apply" || before.already),
      note: `${before.digest} is ${quarantined ? "" : "not "}in quarantine`,
      outputs: { digest: before.digest },
    };
  },
};

export const handler = serveAction(ecrQuarantine, verbs);
