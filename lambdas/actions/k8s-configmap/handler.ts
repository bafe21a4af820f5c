import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { changedMeanwhile, changeObject, digestOf } from "../../runtime/kubernetes/change.ts";
import { type KubeObject, type Kubernetes, kubernetes } from "../../runtime/kubernetes/client.ts";
import { type ConfigMapData, configMapData } from "../../runtime/kubernetes/manifest.ts";
import { nameOf, savedText, versionOf } from "../../runtime/kubernetes/saved.ts";
import { pathOf } from "../../runtime/kubernetes/workload.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { k8sConfigmap } from "./spec.ts";

type Input = z.output<typeof k8sConfigmap.input>;
type Before = z.output<typeof k8sConfigmap.before>;
interface ConfigMap extends KubeObject, ConfigMapData {
  immutable?: boolean;
}

/** What was there travels through the state machine, whose data holds 256 KiB in all. */
const LONGEST = 48 * 1024;

const dataOf = ({ data, binaryData }: ConfigMapData): ConfigMapData => ({
  ...(data ? { data } : {}),
  ...(binaryData ? { binaryData } : {}),
});
const digestOfData = (given: ConfigMapData) => digestOf(dataOf(given));
const pathTo = ({ namespace, configMap }: Input) => pathOf.core(namespace, "configmaps", configMap);

async function wantedData(
  input: Input,
  found: ConfigMapData,
  versionId: string | undefined,
): Promise<ConfigMapData> {
  if (input.from) {
    const text = await savedText(input.from, versionId!);
    return configMapData(text, nameOf(input.from, versionId!), input.configMap);
  }
  return { ...dataOf(found), data: { ...found.data, ...input.set } };
}

async function put(api: Kubernetes, input: Input, before: Before, to: ConfigMapData) {
  const digest = digestOfData(to);
  const known = [digestOfData(before), before.wanted.digest];
  await changeObject<ConfigMap>(api, pathTo(input), (found) => {
    const now = digestOfData(found);
    if (found.metadata.uid !== before.uid || !known.includes(now))
      throw changedMeanwhile(
        api,
        `config map ${input.namespace}/${input.configMap}`,
        `at other data (digest ${now})`,
      );
    if (now === digest) return undefined;
    const { data: _, binaryData: __, ...rest } = found;
    return { ...rest, ...to };
  });
  return {
    done: true,
    note: `${input.configMap} has the data with the digest ${digest}`,
    outputs: { digest },
  };
}

/** Keys that differ, by name only: values may be long. */
function differences(from: ConfigMapData, to: ConfigMapData): string[] {
  const [old, next] = [
    { ...from.binaryData, ...from.data },
    { ...to.binaryData, ...to.data },
  ];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((key) => old[key] !== next[key])
    .map((key) =>
      next[key] === undefined ? `${key} goes` : old[key] === undefined ? `${key} comes` : `${key} changes`,
    );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const api = await kubernetes(input.cluster, context);
    const found = await api.get<ConfigMap>(pathTo(input));
    const what = `config map ${input.namespace}/${input.configMap}`;
    if (!found)
      throw refusal(
        `There is no ${what} in the cluster ${input.cluster}. Nothing was changed. Correct the plan.`,
      );
    const versionId = input.from ? await versionOf(input.from, context.run) : undefined;
    const wanted = await wantedData(input, found, versionId);
    const changes = differences(found, wanted);
    if (found.immutable && changes.length > 0)
      throw refusal(
        `The ${what} is immutable. Nothing was changed. Let the deployment name another config map.`,
      );
    if (JSON.stringify(dataOf(found)).length > LONGEST)
      throw refusal(
        `The ${what} is longer than ${LONGEST / 1024} KiB: this run could not keep what it overwrites. Nothing was changed.`,
      );
    const digest = digestOfData(wanted);
    const source = input.from ? nameOf(input.from, versionId!) : "the plan";
    return {
      before: {
        uid: found.metadata.uid,
        ...dataOf(found),
        wanted: { digest, ...(versionId ? { versionId } : {}) },
      },
      after: { digest, source },
      summary:
        changes.length === 0
          ? `${what} is as in ${source} already`
          : `${what}: ${changes.length} keys as in ${source}`,
      evidence: changes,
      expects: { digest },
    };
  },
  async apply(input, { before }, context) {
    const api = await kubernetes(input.cluster, context);
    return put(api, input, before, await wantedData(input, before, before.wanted.versionId));
  },
  revert: async (input, { before }, context) =>
    put(await kubernetes(input.cluster, context), input, before, dataOf(before)),
  async poll(input, { before }, { phase, ...context }) {
    const found = await (await kubernetes(input.cluster, context)).get<ConfigMap>(pathTo(input));
    const digest = digestOfData(found ?? {});
    const wanted = phase === "apply" ? before.wanted.digest : digestOfData(before);
    return {
      done: digest === wanted,
      note: `${input.configMap} has the digest ${digest}`,
      outputs: { digest },
    };
  },
};

export const handler = serveAction(k8sConfigmap, verbs);
