import type { CreateRepositoryCommandInput, CreateRepositoryResponse } from "@aws-sdk/client-ecr";
import { operation, ServiceException } from "../../service.ts";
import { onRepository, registryHost, repositories, repositoryArn } from "./state.ts";

/** Makes an empty repository. */
export const CreateRepository = operation<CreateRepositoryCommandInput, CreateRepositoryResponse>({
  authorize: (input, call) => onRepository("CreateRepository", call, input.repositoryName),
  run: (input, { world }) => {
    const name = input.repositoryName ?? "";
    if (repositories(world).has(name))
      throw new ServiceException(
        "RepositoryAlreadyExistsException",
        `The repository with name '${name}' already exists in the registry with id '${world.account}'`,
      );
    const made = {
      name,
      arn: repositoryArn(world, name),
      uri: `${registryHost(world)}/${name}`,
      immutable: input.imageTagMutability === "IMMUTABLE",
      createdAt: world.clock.now(),
      images: new Map(),
    };
    repositories(world).set(name, made);
    return {
      repository: {
        repositoryArn: made.arn,
        registryId: world.account,
        repositoryName: name,
        repositoryUri: made.uri,
        createdAt: new Date(made.createdAt),
        imageTagMutability: made.immutable ? "IMMUTABLE" : "MUTABLE",
      },
    };
  },
});
