import { refusal } from "../errors.ts";
import type { Template } from "./workload.ts";

export interface ConfigMapData {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

/**
 * A saved manifest, as `kubectl get -o yaml` writes it, or JSON: refused unless it is of this kind and name.
 * `source` is where it was saved, for the refusal.
 */
async function manifestOf(
  text: string,
  kind: string,
  name: string,
  no: No,
): Promise<Record<string, unknown>> {
  // Loaded when it is needed: preflights and polls of everything else begin without it.
  const { parse } = await import("yaml");
  let found: (Record<string, unknown> & { metadata?: { name?: unknown } }) | undefined;
  try {
    found = parse(text) as typeof found;
  } catch (error) {
    throw no(error instanceof Error ? error.message.split("\n")[0]! : String(error));
  }
  if (typeof found !== "object" || found === null || found["kind"] !== kind)
    throw no("its kind is another one");
  if (found.metadata?.name !== name) throw no(`it is called ${String(found.metadata?.name)}`);
  return found;
}

type No = (why: string) => Error;
const refusing =
  (source: string, what: string): No =>
  (why) =>
    refusal(`${source} is no ${what}: ${why}. Nothing was changed. Look what was saved there.`);

/** The data of a saved config map. */
export async function configMapData(text: string, source: string, name: string): Promise<ConfigMapData> {
  const no = refusing(source, `config map ${name}`);
  const found = await manifestOf(text, "ConfigMap", name, no);
  return { ...texts(found["data"], "data", no), ...texts(found["binaryData"], "binaryData", no) };
}

/** The template of a saved deployment. */
export async function deploymentTemplate(text: string, source: string, name: string): Promise<Template> {
  const no = refusing(source, `deployment ${name}`);
  const { spec } = (await manifestOf(text, "Deployment", name, no)) as { spec?: { template?: Template } };
  const containers: unknown = spec?.template?.spec?.containers;
  if (!Array.isArray(containers) || containers.length === 0) throw no("its template has no containers");
  return spec!.template!;
}

function texts(value: unknown, member: "data" | "binaryData", no: No): ConfigMapData {
  if (value === undefined || value === null) return {};
  const wrong =
    typeof value !== "object"
      ? [member]
      : Object.entries(value)
          .filter(([, each]) => typeof each !== "string")
          .map(([key]) => key);
  if (wrong.length > 0) throw no(`${wrong.join(", ")} is no text`);
  return { [member]: value as Record<string, string> };
}
