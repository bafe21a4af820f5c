import type { CreateInvalidationCommandInput, CreateInvalidationResult } from "@aws-sdk/client-cloudfront";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";
import { shownInvalidation } from "./shown.ts";
import { distributionArn, distributionOf, type Invalidation } from "./state.ts";

/** Sandbox milliseconds until every edge has forgotten. */
const COMPLETED_AFTER = 30_000;
/** Invalidations with a wildcard that may be under way at once. */
const MOST_WILDCARDS = 15;

const invalid = (message: string) => new ServiceException("InvalidArgument", message);

/** Makes the edges forget paths. The same caller reference and paths again answer with the invalidation there is. */
export const CreateInvalidation = operation<CreateInvalidationCommandInput, CreateInvalidationResult>({
  authorize: (input, { world }) => [
    { action: "cloudfront:CreateInvalidation", resources: [distributionArn(world, input.DistributionId)] },
  ],
  run: (input, { world }) => {
    const distribution = distributionOf(world, input.DistributionId);
    const { CallerReference = "", Paths } = input.InvalidationBatch ?? {};
    const paths = Paths?.Items ?? [];
    if (CallerReference === "") throw invalid("The parameter CallerReference is required.");
    if (Paths?.Quantity !== paths.length)
      throw new ServiceException(
        "InconsistentQuantities",
        "The value of Quantity and the size of Items don't match.",
      );
    const wrong = paths.find((path) => !path.startsWith("/") || /\*./.test(path));
    if (wrong !== undefined || paths.length === 0)
      throw invalid("Your request contains one or more invalid invalidation paths.");
    const location = (id: string) =>
      `${world.endpoint}/2020-05-31/distribution/${distribution.id}/invalidation/${id}`;
    const known = distribution.invalidations.find((each) => each.callerReference === CallerReference);
    if (known) {
      if (known.paths.toSorted().join("\n") !== paths.toSorted().join("\n"))
        throw new ServiceException(
          "InvalidationBatchAlreadyExists",
          "A batch with this caller reference and other paths exists.",
          { status: 409 },
        );
      return { Location: location(known.id), Invalidation: shownInvalidation(known) };
    }
    const wild = distribution.invalidations.filter(
      (each) => !each.completed && each.paths.join().includes("*"),
    );
    if (wild.length >= MOST_WILDCARDS)
      throw new ServiceException(
        "TooManyInvalidationsInProgress",
        "You have exceeded the maximum number of allowable InProgress invalidation batch requests.",
      );
    const made: Invalidation = {
      id: `I${randomId(13)}`,
      callerReference: CallerReference,
      paths,
      createdAt: world.clock.now(),
      completed: false,
    };
    distribution.invalidations.unshift(made);
    world.clock.after(COMPLETED_AFTER, () => {
      distribution.forget(paths);
      made.completed = true;
    });
    return { Location: location(made.id), Invalidation: shownInvalidation(made) };
  },
});
