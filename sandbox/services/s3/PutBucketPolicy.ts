import type { PutBucketPolicyCommandInput } from "@aws-sdk/client-s3";
import { compilePolicy, type PolicyDocument } from "../../front/iam/policy.ts";
import { operation, ServiceException } from "../../service.ts";
import { bucketArn, bucketOf } from "./state.ts";

/** Sets the bucket's resource policy; it counts from the next call on. */
export const PutBucketPolicy = operation<PutBucketPolicyCommandInput, object>({
  authorize: (input) => [{ action: "s3:PutBucketPolicy", resources: [bucketArn(input.Bucket)] }],
  run: (input, { world }) => {
    const bucket = bucketOf(world, input.Bucket);
    const text = input.Policy ?? "";
    let document: PolicyDocument;
    try {
      document = JSON.parse(text);
      compilePolicy(document);
    } catch (cause) {
      throw new ServiceException(
        "MalformedPolicy",
        `Policies must be valid JSON and the first byte must be '{' (${String(cause)})`,
      );
    }
    bucket.policy = { text, document };
    return {};
  },
});
