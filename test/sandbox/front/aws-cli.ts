import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import type { TestWorld } from "./harness.ts";

/** Debian's awscli; a version manager's shim of the same name may stand before it on the PATH. */
export const AWS_CLI = ["/usr/bin/aws", "/usr/local/bin/aws"].find((path) => existsSync(path));

if (!AWS_CLI)
  console.warn(
    "SKIPPED: there is no aws command line here (Debian: apt install awscli); its tests did not run",
  );

/** Runs `aws …` as the administrator and gives its JSON, or throws with what it said. */
export function aws(test: TestWorld, ...args: string[]): Promise<unknown> {
  const { accessKeyId, secretAccessKey } = test.admin.credentials;
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: test.world.root,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: test.world.region,
    AWS_PAGER: "",
  };
  return new Promise((resolve, reject) => {
    execFile(
      AWS_CLI ?? "aws",
      ["--endpoint-url", test.endpoint, "--output", "json", ...args],
      { env: environment },
      (error, stdout, stderr) => {
        if (error) return reject(new Error(stderr.trim() || error.message));
        try {
          return resolve(stdout.trim() === "" ? undefined : JSON.parse(stdout));
        } catch {
          // `s3` commands and presigned URLs are plain text.
          return resolve(stdout.trim());
        }
      },
    );
  });
}
