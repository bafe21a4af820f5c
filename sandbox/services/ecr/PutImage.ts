import type { PutImageCommandInput, PutImageResponse } from "@aws-sdk/client-ecr";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { digestOf, imageOf, onRepository, repositoryNamed } from "./state.ts";

const OCI = "application/vnd.oci.image.manifest.v1+json";

/**
 * Stores a manifest under its digest, and moves a tag onto it. The sandbox keeps no layers: what an image runs stands
 * in an annotation of its manifest (see `ecs/program.ts`), so a manifest that names layers is refused.
 */
export const PutImage = operation<PutImageCommandInput, PutImageResponse>({
  authorize: (input, call) => onRepository("PutImage", call, input.repositoryName),
  run: (input, { world }) => {
    const repository = repositoryNamed(world, input.repositoryName);
    const manifest = input.imageManifest ?? "";
    const digest = digestOf(manifest);
    if (input.imageDigest && input.imageDigest !== digest)
      throw new ServiceException(
        "ImageDigestDoesNotMatchException",
        "The specified image digest does not match the digest that Amazon ECR calculated for the image.",
      );
    if (layersOf(manifest) > 0) throw notImplemented("ecr", "PutImage of a manifest with layers");
    const tag = input.imageTag;
    const holder = tag === undefined ? undefined : imageOf(repository, { imageTag: tag });
    const known = repository.images.get(digest);
    if (known && (tag === undefined || holder === known))
      throw new ServiceException(
        "ImageAlreadyExistsException",
        `Image with digest '${digest}' and tag '${tag}' already exists in the repository with name '${repository.name}' in registry with id '${world.account}'`,
      );
    if (holder && repository.immutable)
      throw new ServiceException(
        "ImageTagAlreadyExistsException",
        `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
      );
    const image = known ?? {
      digest,
      manifest,
      mediaType: input.imageManifestMediaType ?? OCI,
      tags: [],
      pushedAt: world.clock.now(),
    };
    repository.images.set(digest, image);
    if (tag !== undefined) {
      if (holder) holder.tags = holder.tags.filter((each) => each !== tag);
      image.tags.push(tag);
    }
    return {
      image: {
        registryId: world.account,
        repositoryName: repository.name,
        imageId: { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) },
        imageManifest: manifest,
        imageManifestMediaType: image.mediaType,
      },
    };
  },
});

function layersOf(manifest: string): number {
  try {
    return (JSON.parse(manifest) as { layers?: unknown[] }).layers?.length ?? 0;
  } catch {
    throw new ServiceException(
      "InvalidParameterException",
      "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    );
  }
}
