import type { Service } from "../../service.ts";
import { BatchGetImage } from "./BatchGetImage.ts";
import { CreateRepository } from "./CreateRepository.ts";
import { DescribeImages } from "./DescribeImages.ts";
import { PutImage } from "./PutImage.ts";

/** Amazon ECR: repositories with images and their tags. Layers are not kept. */
export const ecr: Service = {
  name: "ecr",
  client: () => import("@aws-sdk/client-ecr"),
  operations: { BatchGetImage, CreateRepository, DescribeImages, PutImage },
};
