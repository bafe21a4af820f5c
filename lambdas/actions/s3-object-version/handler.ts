import type * as z from "zod";
import { versionOf } from "../../runtime/kubernetes/saved.ts";
import {
  copyOnTop,
  current,
  mustBeReadable,
  putBack,
  replaceIf,
  targetOf,
  versionsOf,
} from "../../runtime/object-version.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { s3ObjectVersion } from "./spec.ts";
import { comparedStates, mustBeUnlocked } from "./terraform.ts";

type Input = z.output<typeof s3ObjectVersion.input>;
type Before = z.output<typeof s3ObjectVersion.before>;

const markOf = ({ run, step }: StepContext) => digest(`${run.id}/${step.id}`);
const isBack = ({ current: now, target }: Before) => now.versionId === target.versionId;

export const verbs: Verbs<Input, Before> = {
  async preflight({ bucket, key, version, terraform }, { run }) {
    const where = `s3://${bucket}/${key}`;
    const versions = await versionsOf(bucket, key);
    const wanted = version === "before-deployment" ? await versionOf({ bucket, key, version }, run) : version;
    const found = { current: versions[0]!, target: targetOf(where, versions, wanted) };
    await mustBeReadable(bucket, key, found.target.versionId);
    if (terraform) await mustBeUnlocked(bucket, key, "preflight");
    const serials = terraform ? await comparedStates(bucket, key, found) : undefined;
    const before = { ...found, ...(serials ? { serial: serials.from } : {}) };
    return {
      before,
      after: { etag: before.target.etag },
      summary: isBack(before)
        ? `${where} is at the version ${before.target.versionId} already`
        : `${where}: version ${before.target.versionId} on top of ${before.current.versionId}`,
      evidence: [
        `${versions.length} versions are kept; the wanted one has ${before.target.size} bytes`,
        ...(serials
          ? [`serial ${serials.to} of the same lineage as the present serial ${serials.from}`]
          : []),
      ],
      expects: outputsOf(before),
      ...(isBack(before) ? {} : { keeps: [`version ${before.current.versionId} of ${where}`] }),
    };
  },
  async apply({ bucket, key, terraform }, { before }, context) {
    const mark = markOf(context);
    if (terraform) await mustBeUnlocked(bucket, key, "apply");
    if (!isBack(before))
      await replaceIf({ bucket, key, etag: before.current.etag, mark }, (ifMatch) =>
        copyOnTop(bucket, key, { versionId: before.target.versionId, ifMatch, mark }),
      );
    return done(`s3://${bucket}/${key} has the content of ${before.target.versionId}`, before);
  },
  async revert({ bucket, key, terraform }, { before }, context) {
    const mark = markOf(context);
    if (terraform) {
      const now = await current(bucket, key);
      // Terraform has worked on the state since, so what is there now is what describes the world.
      if (now && !now.writtenBy && now.etag !== before.current.etag)
        return done(`s3://${bucket}/${key} was written by Terraform since, and is left as it is`, before);
    }
    if (!isBack(before)) await putBack({ bucket, key, before: before.current, mark });
    return done(`s3://${bucket}/${key} has the content of ${before.current.versionId}`, before);
  },
  async poll({ bucket, key }, { before }) {
    const now = await current(bucket, key);
    return done(`s3://${bucket}/${key} is at ${now?.versionId ?? "no version"}`, before);
  },
};

const outputsOf = ({ target, serial }: Before) => ({
  etag: target.etag,
  ...(serial === undefined ? {} : { serial }),
});
const done = (note: string, before: Before) => ({ done: true, note, outputs: outputsOf(before) });

export const handler = serveAction(s3ObjectVersion, verbs);
