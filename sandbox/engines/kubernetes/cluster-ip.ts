import type { KubeObject, KubeService } from "./objects.ts";
import { typeOf } from "./resources.ts";
import type { Store } from "./store.ts";

/** EKS's usual range for services; .1 is the API server's and .10 the DNS server's. */
const PREFIX = "10.100.0.";
const FIRST = 11;

/**
 * Gives a service the address that Kubernetes does, once and for good; nothing listens there in the sandbox. Anything
 * that is no service, or has one, is left alone.
 */
export function withClusterIp<Given extends Pick<KubeObject, "kind">>(
  store: Store,
  object: Given,
  before?: KubeObject,
): Given {
  const { kind, spec } = object as unknown as KubeService;
  if (kind !== "Service" || spec?.type === "ExternalName" || spec?.clusterIP) return object;
  const clusterIP = (before as KubeService | undefined)?.spec?.clusterIP ?? free(store);
  return { ...object, spec: { ...spec, clusterIP } };
}

function free(store: Store): string {
  const used = new Set(store.list<KubeService>(typeOf("Service")).map(({ spec }) => spec?.clusterIP));
  for (let number = FIRST; ; number += 1) if (!used.has(`${PREFIX}${number}`)) return `${PREFIX}${number}`;
}
