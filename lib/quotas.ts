/** Resources of a synthesized template, counted by type, and its size. */
export interface Counted {
  bytes: number;
  resources: number;
  functions: number;
  roles: number;
  alarms: number;
  rules: number;
  stateMachines: number;
}

/** Quotas of a new account that many plans could meet. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
export const QUOTAS = {
  /** Resources in one stack; fixed. */
  resources: 500,
  /** Bytes of a template; fixed. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
  bytes: 1_000_000,
  /** IAM roles in an account. */
  roles: 1000,
  /** Rules on one event bus. */
  rules: 300,
  /** Our own: a plan that needs more should be two (DESIGN idea 9). */
  rolesOfAPlan: 20,
};

/** `text`: a template as it is deployed. */
export function counted(text: string): Counted {
  const template = JSON.parse(text) as { Resources?: Record<string, { Type: string }> };
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type);
  const count = (type: string) => types.filter((each) => each === type).length;
  return {
    bytes: Buffer.byteLength(text),
    resources: types.length,
    functions: count("AWS::Lambda::Function"),
    roles: count("AWS::IAM::Role"),
    alarms: count("AWS::CloudWatch::Alarm"),
    rules: count("AWS::Events::Rule"),
    stateMachines: count("AWS::StepFunctions::StateMachine"),
  };
}

/** One plan against the quotas of its stack, in words. */
export const summaryOf = ({ bytes, resources, functions, roles, alarms, rules, stateMachines }: Counted) =>
  `${resources} of ${QUOTAS.resources} resources, ${functions} functions, ${roles} of ${QUOTAS.rolesOfAPlan} roles, ` +
  `${alarms} alarms, ${rules} rules, ${stateMachines} state machines, ` +
  `${Math.ceil(bytes / 1000)} of ${QUOTAS.bytes / 1000} kB of template`;

/** All plans against the quotas of their account, in words. */
export function accountSummary(stacks: Counted[]): string {
  const sum = (name: keyof Counted) => stacks.reduce((total, each) => total + each[name], 0);
  return (
    `${stacks.length} ${stacks.length === 1 ? "plan" : "plans"}: ${sum("roles")} of an account's ${QUOTAS.roles} IAM roles, ` +
    `${sum("rules")} of ${QUOTAS.rules} rules on the default event bus, ${sum("functions")} functions`
  );
}

/** What no deployment would get past, or what breaks our own word; empty when all is well. */
export function overQuota(name: string, { bytes, resources, roles }: Counted): string[] {
  return [
    ...(bytes > QUOTAS.bytes
      ? [
          `${name} is a template of ${bytes} bytes, and CloudFormation takes ${QUOTAS.bytes}: make two plans of it`,
        ]
      : []),
    ...(resources > QUOTAS.resources
      ? [`${name} has ${resources} resources, and a stack holds ${QUOTAS.resources}: make two plans of it`]
      : []),
    ...(roles > QUOTAS.rolesOfAPlan
      ? [`${name} needs ${roles} roles, and a plan may have ${QUOTAS.rolesOfAPlan}: make two plans of it`]
      : []),
  ];
}
