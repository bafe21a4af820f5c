import type * as z from "zod";

/**
 * What a step does to the world, worst thing first named. Plan rules (lib/plan/rules) reason with it:
 * `switches` needs a checked target, `overwrites` needs an earlier proved backup.
 */
export const EFFECTS = {
  "backs-up": "makes a copy of the present state and nothing else",
  creates: "makes a new thing beside the old one",
  fences: "stops writers, without changing data",
  switches: "points traffic, names or credentials at something else",
  overwrites: "changes a running thing's code, configuration or data in place",
} as const;

export type Effect = keyof typeof EFFECTS;

/** A typed name of something in AWS or beside it: what a step reads, backs up, makes or changes. */
export interface Resource {
  /** e.g. `rds-instance`, `secret`, `dns-record` */
  type: string;
  /** e.g. `llm-research-db`; for a record `<zone>/<name>/<type>` */
  id: string;
  /** What it is a part of: a backup of that holds it too. */
  within?: Resource;
}

/** One statement of a role's policy. */
export interface Permission {
  actions: string[];
  resources: string[];
  conditions?: Record<string, Record<string, string | string[]>>;
}

/** `allow("rds:DescribeDBInstances", arn)` – one statement for a spec's permissions. */
export function allow(
  actions: string | string[],
  resources: string | string[],
  conditions?: Permission["conditions"],
): Permission {
  return { actions: [actions].flat(), resources: [resources].flat(), ...(conditions ? { conditions } : {}) };
}

/** Builds ARNs for the stack's partition, region and account (CDK tokens allowed). */
export interface ArnBuilder {
  partition: string;
  region: string;
  account: string;
  /** `arn:<partition>:<service>:<region>:<account>:<resource>`; `region` or `account` may be set to `""`. */
  of(service: string, resource: string, options?: { region?: string; account?: string }): string;
  /** ARN of the plan's own copy of a vetted command document (lib/documents), which is made when it is first asked for. */
  document(name: string): string;
}

/** Permissions of an action, split so that preflight and poll run under a role that cannot write. */
export interface ActionPermissions {
  /** preflight and poll. Granted to the plan's one read-only role. */
  read: Permission[];
  /** apply: everything it calls, its reads too. Granted, with `revert`, to the kind's own role. */
  write: Permission[];
  /** revert, beyond write. */
  revert?: Permission[];
}

/** One rule of Kubernetes' RBAC. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface ClusterRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What is read, and for an action written too, in one namespace of an EKS cluster. IAM has no say there. */
export interface ClusterAccess {
  cluster: string;
  namespace: string;
  read: ClusterRule[];
  /** All that apply and revert do, their reads too. */
  write?: ClusterRule[];
}

/**
 * An action, pure: what it is, what it needs. `lambdas/actions/<kind>/spec.ts`.
 * Docs, JSON schema, roles and rules are derived from it.
 */
export interface ActionSpec<
  Input extends z.ZodType = z.ZodType,
  Before extends z.ZodType = z.ZodType,
  Outputs extends z.ZodType = z.ZodType,
> {
  /** Folder name and `action:` in a plan. */
  kind: string;
  /** One line, an imperative: "Move AWSCURRENT of a secret back to an earlier version". */
  summary: string;
  /** The step's `with:`; a z.strictObject, every field described. */
  input: Input;
  /** What preflight found: exact ids, never a secret's value. */
  before: Before;
  /** What later steps may use as `$steps.<id>.<output>`. */
  outputs: Outputs;
  effect: Effect;
  /** True: its `before` is the whole of what it overwrites, so that no other step has to save it first. */
  keepsBefore?: true;
  /**
   * False: the plan must ask for an approval before it (rule `unrevertible-needs-approval`). A function where it
   * depends on what the plan gives; it may be asked with an input that is not complete.
   */
  revertible: boolean | ((input: Partial<z.output<Input>>) => boolean);
  /**
   * Seconds: a step's deadline, and the pause between two polls, unless the plan says otherwise. `phases`: how often
   * `apply` or `revert` is called at most when polls ask for it again (1 unless given).
   */
  timing: { timeoutSeconds: number; pollSeconds: number; phases?: number };
  /** What a step with this input needs. Inputs may still hold `{% %}` expressions: name resources without them. */
  permissions(input: z.output<Input>, arn: ArnBuilder): ActionPermissions;
  /** True: the code that runs stays the same, so that it still knows the schema that its own migration made. */
  keepsCode?: true;
  /** True: after it the data's schema is that of before the deployment, so older code fits it again. */
  undoesMigration?: boolean;
  /** What the step does inside an EKS cluster; its roles get access entries and these rules. */
  clusterAccess?(input: z.output<Input>): ClusterAccess;
  /** What this step changes. */
  touches(input: z.output<Input>): Resource[];
  /** What this step saves before others change it. */
  backsUp?(input: z.output<Input>): Resource[];
  /** What this step makes, as plan rules match it (`restored-name-is-live`, `unchecked-target`). */
  creates?(input: z.output<Input>): Resource[];
  /**
   * Something that takes one change at a time, and what else has to wait for it. Seconds: `changing` until this step can
   * be done, `after` how long it goes on being taken once the step is done.
   */
  occupies?(input: z.output<Input>): { what: Resource; changing: number; after: number };
  /** How a practice carries it out beside the live resources; a kind without it is never practised. */
  practice?: {
    /** What it makes: the type of resource, and the name that the throw-away's begins with. */
    makes(input: z.output<Input>): { type: "rds-instance" | "aurora-cluster"; base: string };
    /** What it needs for throw-aways, beside `permissions`. */
    permissions(input: z.output<Input>, arn: ArnBuilder): ActionPermissions;
  };
  /** Vetted command documents (lib/documents) that its functions name; `DOCUMENTS` in their environment says how each is called. */
  documents?(input: z.output<Input>): string[];
  /** npm names of the only SDK clients its bundle may hold. */
  clients: string[];
  /** True: the function runs in the plan's VPC (it opens a database connection). */
  needsVpc?: boolean;
  /** Rows of CAPABILITIES this serves, e.g. `["R8"]`. */
  runbooks: string[];
  /** Pages the behaviour comes from. */
  docs: string[];
}

/** Declares an action; checks nothing, ties the types together. */
export function defineAction<Input extends z.ZodType, Before extends z.ZodType, Outputs extends z.ZodType>(
  spec: ActionSpec<Input, Before, Outputs>,
): ActionSpec<Input, Before, Outputs> {
  return spec;
}

/** A check, pure. `lambdas/checks/<kind>/spec.ts`. */
export interface CheckSpec<Input extends z.ZodType = z.ZodType> {
  kind: string;
  summary: string;
  input: Input;
  /** Seconds one measurement may take. */
  timeoutSeconds: number;
  permissions(input: z.output<Input>, arn: ArnBuilder): Permission[];
  /** What it reads inside an EKS cluster. */
  clusterAccess?(input: z.output<Input>): ClusterAccess;
  /** What it proves something about, for rule `unchecked-target`; hosts as `{type: "host", id}`. */
  proves?(input: z.output<Input>): Resource[];
  /** True: what it measures is what the service's users see (a metric of the service, a request to it); a watch needs one. */
  measuresUsers?: boolean;
  clients: string[];
  needsVpc?: boolean;
  runbooks: string[];
  docs: string[];
}

export function defineCheck<Input extends z.ZodType>(spec: CheckSpec<Input>): CheckSpec<Input> {
  return spec;
}
