import { fileURLToPath } from "node:url";
import { AssociateAccessPolicyCommand, CreateAccessEntryCommand, EKSClient } from "@aws-sdk/client-eks";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { allow, buildRole, createProject, runBuild, uploadCode } from "./builds.ts";
import type { Level } from "./level.ts";
import { isError } from "./load.ts";
import { programOnPath } from "./programs.ts";
import { BAD, CLUSTER, GOOD, NAMESPACE } from "./world.ts";

const NAME = "llm-research-reports";
const CODE = "llm-research-charts";

const kubeconfig = `umask 077 && $KUBECONFIG_OF ${CLUSTER} > kubeconfig`;
const helm = (...words: string[]) =>
  `helm ${words[0]} ${NAME} ${words.slice(1).join(" ")} --namespace ${NAMESPACE} --kubeconfig kubeconfig`;

/** What the pipeline runs for a release. */
const UPGRADE = [
  kubeconfig,
  'sed -i "s/^appVersion:.*/appVersion: \\"$RELEASE\\"/" reports/Chart.yaml',
  helm("upgrade", "reports", "--install", "--values releases/$RELEASE.yaml", "--wait", "--timeout 60s"),
];

/**
 * To the newest revision that was a release, by the history's own words: "the revision before" may be one that failed. The
 * table's columns are revision, five words of the time, status, chart, version. A command that fails is in the mail as it
 * stands here, with what it says behind its #.
 */
const ROLLBACK = [
  kubeconfig,
  `${helm("history")} > history`,
  `awk -v release="$RELEASE" '$9 == release && $7 !~ /failed|pending/ { found = $1 } END { print found }' history > revision`,
  'grep -q "[0-9]" revision # Helm keeps no revision of the release that is wanted: see helm history',
  helm("rollback", '"$(cat revision)"', "--wait", "--timeout 60s"),
  helm("status"),
];

interface Seen {
  apiVersion: string;
  kind: string;
  metadata: never;
  data?: Record<string, string>;
}

/** R13: a chart's release, with Helm's own history of it in the cluster. */
export const helmLevel: Level = {
  name: "helm",
  workload: "reports",
  missing: () =>
    programOnPath("helm")
      ? undefined
      : "Helm 3 is not on PATH; see https://helm.sh/docs/intro/install, or build it: go install helm.sh/helm/v3/cmd/helm@v3.19.5.",
  async prepare({ sandbox, balanced }) {
    const { get, list } = sandbox.cluster(CLUSTER);
    await prepareBuilds(sandbox);
    await runBuild(sandbox, "helm-upgrade", { RELEASE: GOOD });
    return {
      target: await balanced(NAME, "reports"),
      async release() {
        await runBuild(sandbox, "helm-upgrade", { RELEASE: BAD });
        return [`release ${BAD}: helm upgrade of ${NAME} with values that leave no worker`];
      },
      async expectations(_run, { all, after }) {
        const { data } = await get<Seen>("ConfigMap", NAMESPACE, NAME);
        const kept = await list<Seen>("Secret", NAMESPACE, `owner=helm,name=${NAME}`);
        const states = Object.fromEntries(
          kept.map(({ metadata }) => {
            const { labels = {} } = metadata as { labels?: Record<string, string> };
            return [labels["version"], labels["status"]];
          }),
        );
        const expected = { 1: "superseded", 2: "superseded", 3: "deployed" };
        return [
          {
            text: "Helm's history went on by a revision, and has every earlier one",
            held: JSON.stringify(states) === JSON.stringify(expected),
            detail: Object.entries(states)
              .map((each) => each.join(" "))
              .join(", "),
          },
          {
            text: "the chart's settings are the ones from before",
            held: data?.["WORKERS"] === "4",
            detail: `WORKERS is ${data?.["WORKERS"]}`,
          },
          {
            text: "the release really failed users, and none fails since",
            held: all.some(isError) && after.length > 0 && !after.some(isError),
            detail: `${all.filter(isError).length} of ${all.length} failed, ${after.filter(isError).length} of ${after.length} since`,
          },
        ];
      },
    };
  },
};

/** The chart, and the two projects that work in the cluster as a role that may edit its namespace. */
async function prepareBuilds(sandbox: Sandbox): Promise<void> {
  await uploadCode(sandbox, CODE, "helm");
  const serviceRole = await buildRole(sandbox, "helm-build", [
    allow(["s3:ListBucket"], `arn:aws:s3:::${CODE}`),
    allow(["s3:GetObject"], `arn:aws:s3:::${CODE}/*`),
    allow(["eks:DescribeCluster"], `arn:aws:eks:${sandbox.region}:${sandbox.account}:cluster/${CLUSTER}`),
  ]);
  const eks = new EKSClient(sandbox.clientConfig());
  const entry = { clusterName: CLUSTER, principalArn: serviceRole };
  await eks.send(new CreateAccessEntryCommand(entry));
  await eks.send(
    new AssociateAccessPolicyCommand({
      ...entry,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
      accessScope: { type: "namespace", namespaces: [NAMESPACE] },
    }),
  );
  const environment = {
    KUBECONFIG_OF: `${process.execPath} ${fileURLToPath(new URL("kubeconfig.ts", import.meta.url))}`,
    DNS_SERVER: `${sandbox.dns.host}:${sandbox.dns.port}`,
    HTTPS_PORT: String(443 + sandbox.portOffset),
  };
  const location = `${CODE}/helm/`;
  for (const [name, commands] of [
    ["helm-upgrade", UPGRADE],
    ["helm-rollback", ROLLBACK],
  ] as const)
    await createProject(sandbox, { name, serviceRole, commands: [...commands], location, environment });
}
