/** What an SDK client signs with. */
interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * Takes the place of `@aws-sdk/credential-provider-node` in every bundle (lambdas/build.ts). Lambda puts the role's
 * credentials into the environment and starts another process before they expire; the SDK's chain behind that
 * (profiles, SSO, processes, EC2 metadata) is a third of a small bundle and must never answer in a function.
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey)
    throw new Error(
      "There are no credentials in the environment of this function: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing. " +
        "No call was made. Lambda sets them from the function's role; look whether the role still exists.",
    );
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
};
