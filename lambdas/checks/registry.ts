import type { CheckSpec } from "../runtime/spec.ts";
import { httpCheck } from "./http-check/spec.ts";
import { k8sReady } from "./k8s-ready/spec.ts";
import { loadCheck } from "./load-check/spec.ts";
import { logCheck } from "./log-check/spec.ts";
import { metricCheck } from "./metric-check/spec.ts";
import { prometheusCheck } from "./prometheus-check/spec.ts";
import { sqlCheck } from "./sql-check/spec.ts";
import { tlsCheck } from "./tls-check/spec.ts";
import { versionCheck } from "./version-check/spec.ts";
import { websocketCheck } from "./websocket-check/spec.ts";

const all = [
  httpCheck,
  sqlCheck,
  metricCheck,
  tlsCheck,
  websocketCheck,
  versionCheck,
  loadCheck,
  logCheck,
  k8sReady,
  prometheusCheck,
] as unknown as CheckSpec[];

/** Every kind of check, by its folder's name. */
export const checks: Record<string, CheckSpec> = Object.fromEntries(all.map((spec) => [spec.kind, spec]));
