import { fileURLToPath } from "node:url";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { allow, buildRole, createProject, runBuild, uploadCode } from "./builds.ts";
import type { Level } from "./level.ts";
import { isError } from "./load.ts";
import { programOnPath } from "./programs.ts";
import { BAD, deployment, GOOD, NAMESPACE, service } from "./world.ts";

const NAME = "llm-research-embeddings";
export const STATES = "llm-research-terraform";
export const STATE = "llm-research/production/terraform.tfstate";
const CODE = "llm-research-code";
const PARAMETER = "/llm-research/embeddings/workers";
const labels = { app: NAME };

/** As Terraform keeps it, as far as it is looked at. */
interface State {
  lineage: string;
  serial: number;
  resources: { module?: string; name: string; instances: { attributes: { id: string } }[] }[];
}

const terraform = "terraform -chdir=$RELEASE";
const init = `${terraform} init -input=false -no-color`;

/** What the pipeline runs for a release, and what takes a rollback back. */
const APPLY = [init, `${terraform} apply -input=false -no-color -auto-approve`];

/**
 * The state is an earlier one by now, and its serial too: the next write would get a number that there has been. So it is
 * written once with a number above all that there were. `-replace`, since the state says that the earlier value holds, and
 * terraform_data cannot look; with a provider that reads what there is, the plan finds the difference by itself.
 */
const ROLLBACK = [
  init,
  `${terraform} state pull > state.json`,
  `sed -i "s/\\"serial\\": [0-9]*/\\"serial\\": $((SERIAL + 1))/" state.json`,
  `${terraform} state push -no-color "$PWD/state.json"`,
  `${terraform} plan -input=false -no-color -target=module.api -replace=module.api.terraform_data.workers -out=rollback.plan`,
  `${terraform} apply -input=false -no-color rollback.plan`,
];

/** R12: what Terraform manages, with its state in a bucket with versions. */
export const terraformLevel: Level = {
  name: "terraform",
  workload: "embeddings",
  missing: () =>
    programOnPath("terraform")
      ? undefined
      : "Terraform (1.11 or newer) is not on PATH; see https://developer.hashicorp.com/terraform/install.",
  async prepare({ sandbox, apply, balanced }) {
    await prepareBuilds(sandbox);
    await runBuild(sandbox, "terraform-apply", { RELEASE: GOOD });
    const { accessKeyId, secretAccessKey } = sandbox.adminCredentials;
    await apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "aws", namespace: NAMESPACE },
      stringData: {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_REGION: sandbox.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        WORKERS_PARAMETER: PARAMETER,
      },
    });
    const made = deployment(NAME, GOOD, labels, { replicas: 1 });
    made.spec.template.spec.containers[0]!.envFrom = ["tls", "aws"].map((name) => ({ secretRef: { name } }));
    await apply(made);
    await apply(service(NAME, labels, "LoadBalancer"));
    const target = await balanced(NAME, "embeddings");
    const good = await stateNow(sandbox);
    let bad = good;
    return {
      target,
      async release() {
        await runBuild(sandbox, "terraform-apply", { RELEASE: BAD });
        bad = await stateNow(sandbox);
        // As any pipeline does, since the program reads the parameter when it starts.
        const restarted = { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": BAD } } };
        await apply({ ...made, spec: { ...made.spec, template: restarted } });
        return [
          `release ${BAD}: terraform apply renames a module, forgets what it managed, and leaves no worker`,
        ];
      },
      async expectations(_run, { all, after }) {
        const now = await stateNow(sandbox);
        const { Parameter } = await new SSMClient(sandbox.clientConfig()).send(
          new GetParameterCommand({ Name: PARAMETER }),
        );
        const kept = await versions(sandbox);
        const [was, is] = [good, now].map((state) => idOf(state, "parameter"));
        return [
          {
            text: "Terraform had lost the parameter, and manages the same one again",
            held: idOf(bad, "parameter") === undefined && was !== undefined && is === was,
            detail: `id ${was} before, ${idOf(bad, "parameter") ?? "none"} after the release, ${is} now`,
          },
          {
            text: "there are workers again, in AWS and not in the state alone",
            held: Parameter?.Value === "4",
            detail: `${PARAMETER} is ${Parameter?.Value}`,
          },
          {
            text: "the state's serial went on, its lineage stayed, and every version of it is kept",
            held: now.lineage === good.lineage && now.serial > bad.serial && kept >= 4,
            detail: `serial ${good.serial} before, ${bad.serial} after the release, ${now.serial} now; ${kept} versions`,
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

const s3Of = (sandbox: Sandbox) => new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });

async function stateNow(sandbox: Sandbox): Promise<State> {
  const { Body } = await s3Of(sandbox).send(new GetObjectCommand({ Bucket: STATES, Key: STATE }));
  return JSON.parse(await Body!.transformToString()) as State;
}

async function versions(sandbox: Sandbox): Promise<number> {
  const { Versions = [] } = await s3Of(sandbox).send(
    new ListObjectVersionsCommand({ Bucket: STATES, Prefix: STATE }),
  );
  return Versions.filter(({ Key }) => Key === STATE).length;
}

const idOf = ({ resources }: State, wanted: string): string | undefined =>
  resources.find(({ module, name }) => module === "module.api" && name === wanted)?.instances[0]?.attributes
    .id;

/** Buckets for code and states, and the two projects that work on them, both as one role. */
async function prepareBuilds(sandbox: Sandbox): Promise<void> {
  const s3 = s3Of(sandbox);
  await s3.send(new CreateBucketCommand({ Bucket: STATES }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: STATES, VersioningConfiguration }));
  await uploadCode(sandbox, CODE, "terraform");
  const named = (resource: string) => `arn:aws:s3:::${resource}`;
  const serviceRole = await buildRole(sandbox, "terraform-build", [
    allow(["s3:ListBucket"], [named(CODE), named(STATES)]),
    allow(["s3:GetObject"], named(`${CODE}/*`)),
    allow(["s3:GetObject", "s3:PutObject"], named(`${STATES}/${STATE}`)),
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], named(`${STATES}/${STATE}.tflock`)),
    allow(
      ["ssm:GetParameter", "ssm:PutParameter"],
      `arn:aws:ssm:${sandbox.region}:${sandbox.account}:parameter${PARAMETER}`,
    ),
  ]);
  const environment = {
    PARAMETER: `${process.execPath} ${fileURLToPath(new URL("parameter.ts", import.meta.url))}`,
    CHECKPOINT_DISABLE: "1",
    // The sandbox has one address for all buckets.
    TF_CLI_ARGS_init: "-backend-config=use_path_style=true",
  };
  const location = `${CODE}/terraform/`;
  for (const [name, commands] of [
    ["terraform-apply", APPLY],
    ["terraform-rollback", ROLLBACK],
  ] as const)
    await createProject(sandbox, { name, serviceRole, commands: [...commands], location, environment });
}
