import type { TestWorld } from "../sandbox/front/harness.ts";

/** Points the SDK clients of this process to a test world, as Lambda's environment does for a function. */
export function lambdaEnvironment(
  { admin }: Pick<TestWorld, "admin">,
  more: Record<string, string> = {},
): void {
  Object.assign(process.env, {
    AWS_REGION: admin.region,
    AWS_ENDPOINT_URL: admin.endpoint,
    AWS_ACCESS_KEY_ID: admin.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: admin.credentials.secretAccessKey,
    ...more,
  });
}
