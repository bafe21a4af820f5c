import { refusal } from "../errors.ts";

export interface ConfigMapData {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

/** The data of a saved config map, as `kubectl get configmap -o yaml` writes it, or JSON. */
export async function configMapData(text: string, source: string, name: string): Promise<ConfigMapData> {
  // Loaded when it is needed: preflights and polls of everything else begin without it.
  const { parse } = await import("yaml");
  const no = (why: string) =>
    refusal(`${source} is no config map ${name}: ${why}. Nothing was changed. Look what was saved there.`);
  let found:
    | { kind?: unknown; metadata?: { name?: unknown }; data?: unknown; binaryData?: unknown }
    | undefined;
  try {
    found = parse(text) as typeof found;
  } catch (error) {
    throw no(error instanceof Error ? error.message.split("\n")[0]! : String(error));
  }
  if (typeof found !== "object" || found === null || found.kind !== "ConfigMap")
    throw no("its kind is another one");
  if (found.metadata?.name !== name) throw no(`it is called ${String(found.metadata?.name)}`);
  return { ...texts(found.data, "data", no), ...texts(found.binaryData, "binaryData", no) };
}

function texts(value: unknown, member: "data" | "binaryData", no: (why: string) => Error): ConfigMapData {
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
