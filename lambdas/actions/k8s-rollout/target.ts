import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import {
  type Deployment,
  imagesOf,
  plainTemplate,
  type ReplicaSet,
  revisionOf,
  type Template,
} from "../../runtime/kubernetes/workload.ts";
import type { k8sRollout } from "./spec.ts";

interface Known {
  what: string;
  found: Deployment;
  current: ReplicaSet;
  /** Newest first. */
  history: ReplicaSet[];
  /** Version that the run goes back to. */
  lastGood: string | undefined;
}

export interface Chosen {
  /** undefined: an image, which no revision has to have. */
  set?: ReplicaSet;
  container?: string;
  template: Template;
}

/** Resolves what a step asks for to one template; refuses a revision that is not there. Pure. */
export function chosen(
  { to = "previous", image, container }: z.output<typeof k8sRollout.input>,
  known: Known,
): Chosen {
  const { what, found, current, history, lastGood } = known;
  if (image) {
    const { containers } = found.spec.template.spec;
    const named = container ?? (containers.length === 1 ? containers[0]!.name : undefined);
    if (!named)
      throw refusal(
        `${what} has ${containers.length} containers. Nothing was changed. Write in the plan which one gets ${image}.`,
      );
    if (!containers.some((each) => each.name === named))
      throw refusal(
        `${what} has no container ${named}, only ${containers.map((each) => each.name).join(", ")}. Nothing was changed. Correct the plan.`,
      );
    return { container: named, template: withImage(plainTemplate(found.spec.template), named, image) };
  }
  const others = history.filter((set) => set !== current);
  const listed = history.map((set) => `${revisionOf(set)} (${imagesOf(set.spec.template)})`).join(", ");
  const set =
    to === "previous"
      ? others.find((each) => revisionOf(each) < revisionOf(current))
      : to === "last-good"
        ? history.find((each) => lastGood !== undefined && hasVersion(each, lastGood))
        : history.find((each) => revisionOf(each) === to);
  if (set) return { set, template: plainTemplate(set.spec.template) };
  const wanted =
    to === "previous"
      ? "no revision before the present one"
      : to === "last-good"
        ? `no revision of the last good version (${lastGood ?? "none is known"})`
        : `no revision ${to}`;
  throw refusal(
    `${what} has ${wanted}; it has ${listed || "none"}. Nothing was changed. Name another revision or an image in the plan.`,
  );
}

/** Whether a replica set runs a version: as the tag of an image, with or without a leading v. */
const hasVersion = ({ spec }: ReplicaSet, version: string): boolean =>
  spec.template.spec.containers.some(({ image }) => {
    const tag = image.split("/").at(-1)!.split("@")[0]!.split(":")[1] ?? "";
    return tag === version || tag === `v${version}`;
  });

/** The template with another image in one container. Pure. */
export const withImage = (template: Template, container: string, image: string): Template => ({
  ...template,
  spec: {
    ...template.spec,
    containers: template.spec.containers.map((each) => (each.name === container ? { ...each, image } : each)),
  },
});
