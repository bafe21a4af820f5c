/** A part of the starting plan; `optional` ones are written as comments, to be taken out of them. */
interface Part {
  text: string;
  optional?: true;
}

/** What a service on ECS behind a load balancer mostly needs, in the order of a plan. Every value in it is an example. */
const parts = (service: string): Part[] => [
  {
    text: `# What starts a rollback. The first one that holds decides. A load balancer counts errors, and says nothing while there is
# none: the share of all requests is what can be compared. docs/deciding.md
triggers:
  - id: server-errors
    metric: { namespace: AWS/ApplicationELB, name: HTTPCode_Target_5XX_Count, statistic: Sum, dimensions: { LoadBalancer: app/${service}/50dc6c495c0c9188 } }
    percentOf: { namespace: AWS/ApplicationELB, name: RequestCount, statistic: Sum, dimensions: { LoadBalancer: app/${service}/50dc6c495c0c9188 } }
    threshold: "> 5"
    for: 2m
    decision: rollback
    severity: SEV-1
  - id: slow
    metric: { namespace: AWS/ApplicationELB, name: TargetResponseTime, statistic: p99, dimensions: { LoadBalancer: app/${service}/50dc6c495c0c9188 } }
    threshold: "> 2" # seconds
    for: 5m
    decision: approve
    severity: SEV-3

# Who is asked where a trigger says \`approve\`. docs/approvals.md
approval: { approvers: [lead@example.com], deadline: 1h }

# What is changed, stage by stage; the steps of a stage run side by side. docs/actions.md has every action.
stages:
`,
  },
  {
    optional: true,
    text: `  # A feature flag first, where the release is behind one.
  - name: flag off
    steps:
      - id: flag
        action: appconfig-flag
        with: { application: abc1234, environment: def1234, profile: ghi1234, flag: new-${service} }
`,
  },
  {
    optional: true,
    text: `  # A release that damages data: a snapshot of what is there, nobody writes any more, and a restore beside the live database.
  # Functions that open a connection run in the VPC: see \`vpc\` below.
  - name: back up
    steps:
      - { id: snapshot, action: rds-snapshot, with: { instance: ${service}-db } }
  - name: fence
    steps:
      - id: fence
        action: rds-fence
        with: { instance: ${service}-db, roles: [app], database: ${service}, secret: ${service}/database-admin }
  - name: restore data
    steps:
      - { id: restore, action: rds-pitr, with: { instance: ${service}-db, to: before-deployment, margin: 5s } }
    checks:
      - id: restored-rows
        check: sql-check
        with:
          host: "{% $steps.restore.endpoint.address %}"
          port: "{% $steps.restore.endpoint.port %}"
          database: ${service}
          secret: ${service}/database
          query: "SELECT count(*) FROM orders"
          expect: ">= 1"
  - name: switch the database
    steps:
      - id: database-address
        action: dns-failover
        with:
          zone: Z0123456789ABC
          record: db.${service}.example.com
          type: CNAME
          value: "{% $steps.restore.endpoint.address %}"
          drained: { instance: ${service}-db, database: ${service}, secret: ${service}/database-admin, roles: [app] }
`,
  },
  {
    optional: true,
    text: `  # A secret or a parameter that the release changed.
  - name: settings
    steps:
      - { id: provider-key, action: secret-version, with: { secret: ${service}/provider-key } }
      - { id: pool-size, action: ssm-parameter, with: { parameter: /${service}/pool-size, version: before-deployment } }
`,
  },
  {
    text: `  # The task definition that ran before the deployment.
  - name: old code
    steps:
      - id: code
        action: ecs-service
        with: { cluster: production, service: ${service} }

# What must hold after the last stage, or all of it is undone.
verify:
  - id: health
    check: http-check
    with: { url: "https://${service}.example.com/health", status: 200 }

# What must go on holding. Nothing measured is not success.
watch:
  for: 30m
  checks:
    - id: errors
      check: metric-check
      with:
        metric: { namespace: AWS/ApplicationELB, name: HTTPCode_Target_5XX_Count, statistic: Sum, dimensions: { LoadBalancer: app/${service}/50dc6c495c0c9188 } }
        percentOf: { namespace: AWS/ApplicationELB, name: RequestCount, statistic: Sum, dimensions: { LoadBalancer: app/${service}/50dc6c495c0c9188 } }
        expect: "< 1"

# Who is told. docs/notices.md
notify:
  email: [oncall@example.com]
`,
  },
  {
    optional: true,
    text: `# Who is called, the longer nobody acknowledges.
escalation:
  rungs:
    - { after: 0m, audiences: [engineers] }
    - { after: 10m, email: [manager@example.com] }
`,
  },
  {
    optional: true,
    text: `# Where functions that open database connections run.
vpc: { id: vpc-0123456789abcdef0, subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0] }
`,
  },
];

/**
 * A plan to start from: complete, valid, and explained. It observes only, until somebody has read it.
 *
 * @param schema where the JSON schema lies, for editors, as seen from the plan's file
 * @param whole true: the optional parts are no comments
 */
export function startingPlan(service: string, schema: string, { whole = false } = {}): string {
  const head = `# yaml-language-server: $schema=${schema}
#
# Plan of ${service}. Everything here is an example: put in your own names, then: npx watchdog validate <this file>
# docs/plans.md says what the parts are for, docs/plan-reference.md has every key.
service: ${service}

# Decides and resolves as always, changes nothing, and tells what it would have done. Leave it out once you trust the plan.
mode: observe
`;
  const rest = parts(service).map(({ text, optional }) =>
    optional && !whole ? text.replace(/^( *)(?!#)(?=\S)/gm, "# $1").replace(/^ {2}# /gm, "# ") : text,
  );
  return [head, ...rest].join("\n").replaceAll("stages:\n\n", "stages:\n");
}
