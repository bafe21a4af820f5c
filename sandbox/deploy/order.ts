import { referencesIn } from "./intrinsics.ts";
import type { TemplateResource } from "./template.ts";

/** For each resource, the resources that must exist before it. */
export function dependenciesOf(resources: Record<string, TemplateResource>): Map<string, Set<string>> {
  return new Map(
    Object.entries(resources).map(([logicalId, resource]) => {
      const needed = referencesIn(resource.Properties);
      for (const each of [resource.DependsOn ?? []].flat()) needed.add(each);
      needed.delete(logicalId);
      return [logicalId, new Set([...needed].filter((each) => each in resources))];
    }),
  );
}

/** A cycle among the dependencies, in words; undefined when there is none. */
export function cycleIn(dependencies: Map<string, Set<string>>): string | undefined {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id].join(" → ");
    if (done.has(id)) return undefined;
    for (const each of dependencies.get(id) ?? []) {
      const cycle = visit(each, [...path, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of dependencies.keys()) {
    const cycle = visit(id, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Does `work` for each, as soon as everything it needs is done; the first failure stops what has not begun. */
export async function inOrder(
  dependencies: Map<string, Set<string>>,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const started = new Map<string, Promise<void>>();
  const start = (id: string): Promise<void> => {
    let running = started.get(id);
    if (!running) {
      running = Promise.all([...(dependencies.get(id) ?? [])].map(start)).then(async () => {
        if (failures.length > 0) return;
        await work(id).catch((error: unknown) => {
          failures.push(error);
        });
      });
      started.set(id, running);
    }
    return running;
  };
  await Promise.all([...dependencies.keys()].map(start));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    const messages = failures.map((each) => (each instanceof Error ? each.message : String(each)));
    throw new AggregateError(failures, messages.join("\n"));
  }
}
