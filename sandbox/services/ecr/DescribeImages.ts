import type { DescribeImagesCommandInput, DescribeImagesResponse } from "@aws-sdk/client-ecr";
import { operation, ServiceException } from "../../service.ts";
import { imageOf, onRepository, repositoryNamed } from "./state.ts";

/** Images with their tags: those asked for, each of which must exist, or all. */
export const DescribeImages = operation<DescribeImagesCommandInput, DescribeImagesResponse>({
  authorize: (input, call) => onRepository("DescribeImages", call, input.repositoryName),
  run: (input, { world }) => {
    const repository = repositoryNamed(world, input.repositoryName);
    const wanted = input.imageIds?.map((id) => {
      const found = imageOf(repository, id);
      if (!found)
        throw new ServiceException(
          "ImageNotFoundException",
          `The image with imageId {imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'} does not exist within the repository with name '${repository.name}' in the registry with id '${world.account}'`,
        );
      return found;
    });
    return {
      imageDetails: [...new Set(wanted ?? repository.images.values())].map((image) => ({
        registryId: world.account,
        repositoryName: repository.name,
        imageDigest: image.digest,
        ...(image.tags.length > 0 ? { imageTags: image.tags } : {}),
        imageSizeInBytes: Buffer.byteLength(image.manifest),
        imagePushedAt: new Date(image.pushedAt),
        imageManifestMediaType: image.mediaType,
      })),
    };
  },
});
