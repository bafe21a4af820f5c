import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Tag = z.string().regex(/^[\w][\w.-]{0,127}$|^sha256:[a-f\d]{64}$/, "an image's tag or digest");

/** O11. The bad image gets a tag that pipelines look for before they deploy; no image and no tag is ever deleted. */
export const ecrQuarantine = defineAction({
  kind: "ecr-quarantine",
  summary: "Tag an image that was rolled back from, so that it is not deployed again",
  input: z.strictObject({
    repository: z
      .string()
      .regex(/^[a-z\d][a-z\d./_-]{1,255}$/, "an ECR repository's name")
      .describe("name of the ECR repository"),
    image: z
      .union([z.literal("deployed"), Tag])
      .default("deployed")
      .describe(
        "tag or digest; `deployed`: the tag that is the version of the deployment the run rolls back from",
      ),
  }),
  before: z.strictObject({
    digest: z.string(),
    mark: z.string().describe("the tag that says so"),
    lift: z.string().describe("the tag that takes it back"),
    already: z.boolean().describe("true: it was in quarantine when the run began"),
  }),
  outputs: z.strictObject({ digest: z.string().describe("digest of the image in quarantine") }),
  effect: "overwrites",
  // One tag more, and it is in `before`; nothing else of the image changes.
  keepsBefore: true,
  keepsCode: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ repository }, arn) => {
    const named = arn.of("ecr", `repository/${repository}`);
    const look = allow("ecr:DescribeImages", named);
    return { read: [look], write: [look, allow(["ecr:BatchGetImage", "ecr:PutImage"], named)] };
  },
  touches: ({ repository, image = "deployed" }) => [{ type: "ecr-image", id: `${repository}/${image}` }],
  clients: ["@aws-sdk/client-ecr", "@aws-sdk/client-dynamodb"],
  runbooks: ["O11"],
  docs: [
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html",
  ],
});
