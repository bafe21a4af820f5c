import type { Cluster } from "../cluster.ts";
import type { ConfigMap, Container, EnvironmentSource, Pod, Secret } from "../objects.ts";
import { typeOf } from "../resources.ts";

/** A container cannot be made: something that its environment comes from is not there. */
export class ConfigError extends Error {}

/** The variables of a container, from its own values, config maps and secrets, as they are when it starts. */
export function environmentOf(
  cluster: Cluster,
  pod: Pod,
  container: Container,
  ip: string,
): Record<string, string> {
  const namespace = pod.metadata.namespace;
  const map = (name: string) => {
    const found = cluster.store.get<ConfigMap>(typeOf("ConfigMap"), namespace, name);
    if (!found) throw new ConfigError(`configmap "${name}" not found`);
    return found.data ?? {};
  };
  const secret = (name: string) => {
    const found = cluster.store.get<Secret>(typeOf("Secret"), namespace, name);
    if (!found) throw new ConfigError(`secret "${name}" not found`);
    return Object.fromEntries(
      Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  };
  const from = ({ configMapKeyRef, secretKeyRef, fieldRef }: EnvironmentSource): string | undefined => {
    const ref = configMapKeyRef ?? secretKeyRef;
    if (ref) {
      const value = (configMapKeyRef ? map(ref.name) : secret(ref.name))[ref.key];
      if (value === undefined && !ref.optional)
        throw new ConfigError(
          `couldn't find key ${ref.key} in ${configMapKeyRef ? "ConfigMap" : "Secret"} ${namespace}/${ref.name}`,
        );
      return value;
    }
    const fields: Record<string, string | undefined> = {
      "metadata.name": pod.metadata.name,
      "metadata.namespace": namespace,
      "status.podIP": ip,
    };
    return fieldRef && fields[fieldRef.fieldPath];
  };
  const variables: Record<string, string> = { HOST: ip, HOSTNAME: pod.metadata.name };
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const members = configMapRef ? map(configMapRef.name) : secretRef ? secret(secretRef.name) : {};
    for (const [key, value] of Object.entries(members)) variables[`${prefix}${key}`] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const given = valueFrom ? from(valueFrom) : (value ?? "");
    if (given !== undefined) variables[name] = given;
  }
  return variables;
}
