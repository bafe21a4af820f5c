import { execFile } from "node:child_process";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** Runs the command line as an operator does: with an endpoint, a region and credentials in the environment. */
export function watchdog(
  sandbox: Sandbox,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const { accessKeyId, secretAccessKey } = sandbox.adminCredentials;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_REGION: sandbox.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  return new Promise((resolve) =>
    execFile(process.execPath, ["bin/watchdog.ts", ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    ),
  );
}
