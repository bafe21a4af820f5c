import type { BatchGetImageCommandInput, BatchGetImageResponse } from "@aws-sdk/client-ecr";
import { operation } from "../../service.ts";
import { imageOf, onRepository, repositoryNamed } from "./state.ts";

/** Manifests of images; one that does not exist is a failure in the answer, not an error. */
export const BatchGetImage = operation<BatchGetImageCommandInput, BatchGetImageResponse>({
  authorize: (input, call) => onRepository("BatchGetImage", call, input.repositoryName),
  run: (input, { world }) => {
    const repository = repositoryNamed(world, input.repositoryName);
    const asked = (input.imageIds ?? []).map((imageId) => ({ imageId, image: imageOf(repository, imageId) }));
    return {
      images: asked.flatMap(({ imageId, image }) =>
        image
          ? {
              registryId: world.account,
              repositoryName: repository.name,
              imageId: { ...imageId, imageDigest: image.digest },
              imageManifest: image.manifest,
              imageManifestMediaType: image.mediaType,
            }
          : [],
      ),
      failures: asked.flatMap(({ imageId, image }) =>
        image
          ? []
          : { imageId, failureCode: "ImageNotFound" as const, failureReason: "Requested image not found" },
      ),
    };
  },
});
