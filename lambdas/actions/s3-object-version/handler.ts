import {
  copyOnTop,
  current,
  type ObjectVersion,
  putBack,
  replaceIf,
  targetOf,
  versionsOf,
} from "../../runtime/object-version.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { s3ObjectVersion } from "./spec.ts";

type Input = { bucket: string; key: string; version: string };
type Before = { current: ObjectVersion; target: ObjectVersion };

const markOf = ({ run, step }: StepContext) => digest(`${run.id}/${step.id}`);
const isBack = ({ current: now, target }: Before) => now.versionId === target.versionId;

export const verbs: Verbs<Input, Before> = {
  async preflight({ bucket, key, version }) {
    const where = `s3://${bucket}/${key}`;
    const versions = await versionsOf(bucket, key);
    const before = { current: versions[0]!, target: targetOf(where, versions, version) };
    return {
      before,
      after: { etag: before.target.etag },
      summary: isBack(before)
        ? `${where} is at the version ${before.target.versionId} already`
        : `${where}: version ${before.target.versionId} on top of ${before.current.versionId}`,
      evidence: [`${versions.length} versions are kept; the wanted one has ${before.target.size} bytes`],
      expects: { etag: before.target.etag },
      ...(isBack(before) ? {} : { keeps: [`version ${before.current.versionId} of ${where}`] }),
    };
  },
  async apply({ bucket, key }, { before }, context) {
    const mark = markOf(context);
    if (!isBack(before))
      await replaceIf({ bucket, key, etag: before.current.etag, mark }, (ifMatch) =>
        copyOnTop(bucket, key, { versionId: before.target.versionId, ifMatch, mark }),
      );
    return done(`s3://${bucket}/${key} has the content of ${before.target.versionId}`, before);
  },
  async revert({ bucket, key }, { before }, context) {
    if (!isBack(before)) await putBack({ bucket, key, before: before.current, mark: markOf(context) });
    return done(`s3://${bucket}/${key} has the content of ${before.current.versionId}`, before);
  },
  async poll({ bucket, key }, { before }) {
    const now = await current(bucket, key);
    return done(`s3://${bucket}/${key} is at ${now?.versionId ?? "no version"}`, before);
  },
};

const done = (note: string, { target }: Before) => ({ done: true, note, outputs: { etag: target.etag } });

export const handler = serveAction(s3ObjectVersion, verbs);
