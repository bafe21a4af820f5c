import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, once } from "../runtime/clients.ts";
import { refusal } from "../runtime/errors.ts";
import type { RecallAnswer, RecallEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { recalled } from "./recalled.ts";

const s3 = once(
  () => new S3Client({ ...clientSettings, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
);

/** Reads what an ended run changed from its own report, so that it can be taken back. */
export const handler = serve("recall", async ({ run, plan, approve }: RecallEvent): Promise<RecallAnswer> => {
  const undoes = run.undoes ?? "";
  const Key = `${run.service}/${undoes}/report.json`;
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: process.env["REPORTS_BUCKET"], Key }));
    return recalled(JSON.parse((await Body?.transformToString()) ?? "null"), undoes, plan, approve);
  } catch (error) {
    if (!(error instanceof NoSuchKey) && (error as Error).name !== "AccessDenied") throw error;
    throw refusal(
      `There is no report of a run "${undoes}" of ${run.service}, so nobody knows what it changed. Nothing was undone. See watchdog history ${run.service}.`,
    );
  }
});
