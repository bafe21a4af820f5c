import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { type KubeObject, same, timestamp } from "./objects.ts";
import { apiVersionOf, qualified, type ResourceType } from "./resources.ts";
import { failure } from "./status.ts";

export interface Change {
  type: "ADDED" | "MODIFIED" | "DELETED";
  resource: ResourceType;
  object: KubeObject;
  /** What it was. */
  before?: KubeObject;
  revision: number;
}

/** What is put: the server gives the rest of the metadata. */
export type Draft<Kind extends KubeObject> = Omit<Kind, "metadata"> & {
  metadata: Partial<Kind["metadata"]> & { name: string };
};

/** How many changes a watch may begin behind; older ones answer 410, as when etcd was compacted. */
const KEPT_CHANGES = 2_000;

/** A cluster's objects with one growing revision, as etcd keeps them. */
export class Store {
  readonly #clock: Clock;
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  #changes: Change[] = [];
  #revision = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get revision(): number {
    return this.#revision;
  }

  get<Kind extends KubeObject>(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Kind | undefined {
    return this.#objects.get(key(resource, namespace, name)) as Kind | undefined;
  }

  /** In the order of their names; of every namespace unless one is given. */
  list<Kind extends KubeObject>(resource: ResourceType, namespace?: string): Kind[] {
    const prefix = `${qualified(resource)}/${namespace === undefined ? "" : `${namespace}/`}`;
    return [...this.#objects]
      .filter(([each]) => each.startsWith(prefix))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object as Kind);
  }

  create<Kind extends KubeObject>(resource: ResourceType, draft: Draft<Kind>): Kind {
    const { name, namespace } = draft.metadata;
    const at = key(resource, resource.namespaced ? namespace : undefined, name);
    if (this.#objects.has(at))
      throw failure("AlreadyExists", `${qualified(resource)} "${name}" already exists`, {
        name,
        group: resource.group,
        kind: resource.plural,
      });
    const object = {
      ...draft,
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: {
        ...draft.metadata,
        uid: randomUUID(),
        ...(resource.generation ? { generation: 1 } : {}),
        creationTimestamp: timestamp(this.#clock.now()),
      },
    } as unknown as Kind;
    return this.#put(at, resource, "ADDED", object);
  }

  /**
   * Puts a changed object in the place of the one that is there. A `resourceVersion` that is not the stored one is a
   * Conflict; without one it is put whatever is there. Nothing happens when nothing differs.
   */
  update<Kind extends KubeObject>(resource: ResourceType, changed: Kind): Kind {
    const { name, namespace, resourceVersion } = changed.metadata;
    const at = key(resource, namespace, name);
    const before = this.#objects.get(at);
    if (!before) throw notFound(resource, name);
    if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
      throw failure(
        "Conflict",
        `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
        { name, group: resource.group, kind: resource.plural },
      );
    const { uid, creationTimestamp, generation = 1 } = before.metadata;
    const object: Kind = {
      ...changed,
      metadata: {
        ...changed.metadata,
        uid,
        creationTimestamp,
        resourceVersion: before.metadata.resourceVersion,
        ...(resource.generation
          ? { generation: same(changed.spec, before.spec) ? generation : generation + 1 }
          : {}),
      },
    };
    if (same(object, before)) return before as Kind;
    return this.#put(at, resource, "MODIFIED", object, before);
  }

  remove(resource: ResourceType, namespace: string | undefined, name: string): KubeObject {
    const at = key(resource, namespace, name);
    const before = this.#objects.get(at);
    if (!before) throw notFound(resource, name);
    this.#objects.delete(at);
    this.#revision += 1;
    const object = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: String(this.#revision) },
    };
    this.#tell({ type: "DELETED", resource, object, before, revision: this.#revision });
    return object;
  }

  /** Every change from now on. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes after a revision, oldest first. */
  since(revision: number): Change[] {
    const oldest = this.#changes[0]?.revision ?? this.#revision + 1;
    if (revision + 1 < oldest && revision < this.#revision)
      throw failure("Expired", `too old resource version: ${revision} (${oldest})`);
    return this.#changes.filter((change) => change.revision > revision);
  }

  #put<Kind extends KubeObject>(
    at: string,
    resource: ResourceType,
    type: Change["type"],
    object: Kind,
    before?: KubeObject,
  ): Kind {
    this.#revision += 1;
    // The order of members as everybody knows it from kubectl's output.
    const { apiVersion, kind, metadata, ...rest } = object;
    const stored = structuredClone({
      apiVersion,
      kind,
      metadata: { ...metadata, resourceVersion: String(this.#revision) },
      ...rest,
    }) as unknown as Kind;
    this.#objects.set(at, stored);
    this.#tell({ type, resource, object: stored, ...(before ? { before } : {}), revision: this.#revision });
    return stored;
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > KEPT_CHANGES) this.#changes = this.#changes.slice(-KEPT_CHANGES / 2);
    for (const listener of this.#listeners) listener(change);
  }
}

function key(resource: ResourceType, namespace: string | undefined, name: string): string {
  return `${qualified(resource)}/${resource.namespaced ? `${namespace}/` : ""}${name}`;
}

export const notFound = (resource: ResourceType, name: string) =>
  failure("NotFound", `${qualified(resource)} "${name}" not found`, {
    name,
    group: resource.group,
    kind: resource.plural,
  });
