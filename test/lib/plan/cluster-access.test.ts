import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { clusterAccessText, clusterGrants, clusterManifests } from "../../../lib/plan/cluster-access.ts";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { registries } from "../../../lib/plan/registries.ts";

const plan = loadPlanOrThrow("plans/llm-orchestrator.yaml");
const grants = clusterGrants(plan, registries);
interface Manifest {
  kind: string;
  metadata: { name: string; namespace: string };
  subjects?: { name: string }[];
  rules?: { verbs: string[]; resources: string[]; resourceNames?: string[] }[];
}
const manifests = clusterManifests(plan.service, grants) as Manifest[];

describe("what a plan's roles may do in its cluster", () => {
  it("is one role and one binding for the reader and for each kind that writes there", () => {
    const roles = manifests.filter(({ kind }) => kind === "Role").map(({ metadata }) => metadata.name);

    expect(roles.toSorted()).toEqual([
      "watchdog-llm-orchestrator-k8s-configmap",
      "watchdog-llm-orchestrator-k8s-hpa",
      "watchdog-llm-orchestrator-k8s-pause",
      "watchdog-llm-orchestrator-k8s-rollout",
      "watchdog-llm-orchestrator-k8s-scale",
      "watchdog-llm-orchestrator-reader",
    ]);
    const bound = manifests.flatMap(({ subjects = [] }) => subjects.map(({ name }) => name));
    expect(bound).toContain("watchdog:llm-orchestrator:k8s-rollout");
    expect(bound).toHaveLength(roles.length);
  });

  it("never deletes, knows no wildcard, and writes named objects only", () => {
    const rules = manifests.flatMap(({ rules: own = [] }) => own);

    expect(rules.length).toBeGreaterThan(8);
    for (const { verbs, resources, resourceNames } of rules) {
      expect(["get", "list", "update", "create"]).toEqual(expect.arrayContaining(verbs));
      expect(resources).not.toContain("*");
      if (verbs.includes("update")) expect(resourceNames?.length, resources.join()).toBeGreaterThan(0);
    }
  });

  it("writes nothing for the reader", () => {
    const reader = manifests.find(
      ({ kind, metadata }) => kind === "Role" && metadata.name.endsWith("-reader"),
    )!;

    expect([...new Set(reader.rules!.flatMap(({ verbs }) => verbs))].toSorted()).toEqual(["get", "list"]);
  });

  it("is a file that kubectl applies", () => {
    const text = clusterAccessText(plan.service, "llm-production", grants);
    const documents = parseAllDocuments(text).flatMap((each) => (each.toJS() as Manifest | null) ?? []);

    expect(documents).toEqual(manifests);
    expect(clusterAccessText(plan.service, "another", grants)).not.toContain("kind: Role");
  });
});
