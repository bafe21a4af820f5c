import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { pathOf } from "../../runtime/kubernetes/workload.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sSecret, keptName } from "./spec.ts";

const secrets = once(() => new SecretsManagerClient(clientSettings));
type Input = z.output<typeof k8sSecret.input>;
type Before = z.output<typeof k8sSecret.before>;
interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
  immutable?: boolean;
}

/** Says on the object whose work it is: the values themselves are compared with nothing. */
const MARK = "rollback-watchdog/version";
const markOf = ({ metadata }: KubeObject) => metadata.annotations?.[MARK];
const ownMark = ({ run, step }: StepContext, what: string) => `${run.id}/${step.id}/${what}`;

const pathTo = ({ namespace, name }: Input) => pathOf.core(namespace, "secrets", name);
const marked = (object: Secret, data: Secret["data"], mark: string): Secret => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [MARK]: mark } },
  data,
});
const changed = (api: Kubernetes, { namespace, name }: Input) =>
  changedMeanwhile(api, `secret ${namespace}/${name}`, "written by somebody else");

/** Resolves a label to a version's id; no value is read. */
async function versionOf({ secret, version }: Input): Promise<string> {
  const { VersionIdsToStages = {} } = await secrets().send(new DescribeSecretCommand({ SecretId: secret }));
  const label = { previous: "AWSPREVIOUS", current: "AWSCURRENT" }[version];
  const found = label
    ? Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(label))?.[0]
    : Object.keys(VersionIdsToStages).find((id) => id === version);
  if (!found)
    throw refusal(
      `The secret ${secret} has no ${version} version. Nothing was changed. Name a version id in the plan.`,
    );
  return found;
}

async function valuesOf({ secret, members }: Input, versionId: string): Promise<Record<string, string>> {
  const found = await secretMembers(secret, versionId);
  const wanted = members ?? Object.fromEntries(Object.keys(found).map((member) => [member, member]));
  const missing = Object.values(wanted).filter((member) => found[member] === undefined);
  if (missing.length > 0)
    throw refusal(
      `Version ${versionId} of the secret ${secret} has no ${missing.join(", ")}. Nothing was changed in the cluster. Correct the plan.`,
    );
  return Object.fromEntries(
    Object.entries(wanted).map(([key, member]) => [
      key,
      Buffer.from(String(found[member])).toString("base64"),
    ]),
  );
}

/** Copies what is there, once a run, before it is overwritten. */
async function keep(api: Kubernetes, { namespace, name }: Input, found: Secret, mark: string): Promise<void> {
  const copy = keptName(name);
  const path = pathOf.core(namespace, "secrets", copy);
  const existing = await api.get<Secret>(path);
  if (existing && markOf(existing) === mark) return;
  if (existing) {
    await changeObject<Secret>(api, path, (object) => marked(object, found.data, mark));
    return;
  }
  await api.create(pathOf.core(namespace, "secrets"), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: copy, namespace, annotations: { [MARK]: mark } },
    type: found.type,
    data: found.data,
  });
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await api.metadata(pathTo(input));
    const what = `secret ${input.namespace}/${input.name}`;
    if (!found)
      throw refusal(
        `There is no ${what} in the cluster ${input.cluster}. Nothing was changed. Correct the plan.`,
      );
    const versionId = await versionOf(input);
    const { uid, resourceVersion } = found.metadata;
    return {
      before: { uid, resourceVersion, versionId },
      after: { versionId },
      summary: `${what}: gets version ${versionId} of ${input.secret}`,
      expects: { versionId },
      keeps: [`what the ${what} held, as secret ${keptName(input.name)}`],
    };
  },
  async apply(input, { before }, context) {
    const { versionId } = before;
    const api = await kubernetes(input.cluster, context);
    const done = ownMark(context, versionId);
    const answer = { done: true, note: `${input.name} has version ${versionId}`, outputs: { versionId } };
    const found = await api.get<Secret>(pathTo(input));
    if (found && markOf(found) === done) return answer;
    if (found?.metadata.resourceVersion !== before.resourceVersion) throw changed(api, input);
    const values = await valuesOf(input, versionId);
    await keep(api, input, found, ownMark(context, "kept"));
    await changeObject<Secret>(api, pathTo(input), (object) => {
      if (markOf(object) === done) return undefined;
      if (object.metadata.resourceVersion !== before.resourceVersion) throw changed(api, input);
      return marked(object, { ...object.data, ...values }, done);
    });
    return answer;
  },
  async revert(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    const kept = await api.get<Secret>(pathOf.core(input.namespace, "secrets", keptName(input.name)));
    const back = ownMark(context, "taken back");
    await changeObject<Secret>(api, pathTo(input), (object) => {
      if (object.metadata.resourceVersion === before.resourceVersion || markOf(object) === back)
        return undefined;
      const own = markOf(object) === ownMark(context, before.versionId);
      if (!own || !kept || markOf(kept) !== ownMark(context, "kept")) throw changed(api, input);
      return marked(object, kept.data, back);
    });
    return { done: true, note: `${input.name} holds what it held`, outputs: { versionId: before.versionId } };
  },
  async poll(input, { before }, { phase, ...context }) {
    const found = await (await kubernetes(input.cluster, context)).metadata(pathTo(input));
    const own = found && markOf(found) === ownMark(context, before.versionId);
    const done = phase === "apply" ? own === true : !own;
    return {
      done,
      note: `${input.name} ${own ? "has" : "has not"} version ${before.versionId}`,
      outputs: { versionId: before.versionId },
    };
  },
};

export const handler = serveAction(k8sSecret, verbs);
