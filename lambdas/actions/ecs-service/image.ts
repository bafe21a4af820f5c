import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";
import { inQuarantine } from "../../runtime/quarantine.ts";

const ecr = once(() => new ECRClient(clientSettings));

/** Repository and id in `<registry>/<repository>:<tag>` or `…@sha256:…`; undefined for an image that is not in ECR. Pure. */
export function ecrImage(
  name: string,
): { repository: string; id: { imageTag: string } | { imageDigest: string } } | undefined {
  const [, repository, imageTag, imageDigest] =
    /^\d{12}\.dkr\.ecr\.[a-z\d-]+\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^:@]+))?(?:@(sha256:[a-f\d]{64}))?$/.exec(
      name,
    ) ?? [];
  if (!repository) return undefined;
  return { repository, id: imageDigest ? { imageDigest } : { imageTag: imageTag ?? "latest" } };
}

/**
 * The images of a definition that are looked for: the container's, or all of the repository named. Others (a log router,
 * an agent) come from elsewhere. Pure.
 */
export function imagesOf(
  containers: { name?: string | undefined; image?: string | undefined }[],
  { container, repository }: { container?: string | undefined; repository?: string | undefined },
): string[] {
  const named = containers.filter(({ name }) => container === undefined || name === container);
  const images = [...new Set(named.flatMap(({ image }) => image ?? []))];
  const own = images.filter((image) => ecrImage(image)?.repository === (repository ?? ""));
  return own.length > 0 ? own : images;
}

/** Refuses an image that is not there or in quarantine; gives a line that says what was seen. */
export async function checkImage(name: string, repository: string | undefined): Promise<string> {
  if (repository === undefined) return `image ${name}: no repository is named, so it was not looked for`;
  const image = ecrImage(name);
  if (image?.repository !== repository)
    throw refusal(
      `The image ${name} is not in the ECR repository ${repository} that the plan names. Nothing was changed. Correct the plan.`,
    );
  const missing = `The image ${name} does not exist in ECR. Nothing was changed. Choose a task definition whose image is there.`;
  try {
    const { imageDetails = [] } = await ecr().send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [image.id] }),
    );
    const tags = imageDetails[0]?.imageTags ?? [];
    if (imageDetails.length === 0) throw refusal(missing);
    if (inQuarantine(tags))
      throw refusal(
        `The image ${name} is in quarantine: an earlier rollback left it. Nothing was changed. Choose another task definition.`,
      );
    return `image ${name} is there: ${imageDetails[0]!.imageDigest}`;
  } catch (error) {
    if (["ImageNotFoundException", "RepositoryNotFoundException"].includes((error as Error).name))
      throw refusal(missing);
    throw error;
  }
}
