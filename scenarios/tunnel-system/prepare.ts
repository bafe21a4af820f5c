import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { nginxProgram, type Sandbox } from "../../sandbox/sandbox.ts";
import {
  apiCode,
  apiUnit,
  BAD,
  composeFile,
  GOOD,
  IMAGE,
  NGINX_CONF,
  NGINX_UNIT,
  OLDER,
  PREVIOUS,
  proxyCode,
  site,
} from "./service.ts";

/** As the plan names them. */
export const WEB = { instanceId: "i-0a7c3e91b5d2f4860", name: "api.tunnel-system.internal" };
export const API = { instanceId: "i-0f2b8d46c1e97a053", name: "backend.tunnel-system.internal" };
export const UPDATES = "tunnel-system-updates";
export const RELEASES = "tunnel-system-releases";
export const MANIFEST = "updates/version.json";
export const LATEST = "releases/latest/tunnel.AppImage";
export const EDGE = "updates.tunnel-system.internal";
const DISTRIBUTION = "E3TUNNELUPDATES";
const FILES = ["tunnel-linux.AppImage", "tunnel-windows.exe"];

export type Prepared = Awaited<ReturnType<typeof prepareWorld>>;
type Host = Awaited<ReturnType<Sandbox["createHost"]>>;

/** Files of a host by their absolute paths. */
export function put({ folder }: Host, files: Record<string, string>, mode = 0o644): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text, { mode });
  }
}

/** As the runbook's deployments do: a copy of what is there, then the new one over it. */
export function deploy(host: Host, files: Record<string, string>): void {
  for (const path of Object.keys(files))
    copyFileSync(join(host.folder, path), join(host.folder, `${path}.backup`));
  put(host, files, 0o640);
}

/** As the runbook names images: what ran before is `previous`, what was built is `latest`. Answers its id. */
export async function deployProxy(host: Host, version: string): Promise<string> {
  const docker = async (...words: string[]) => {
    const { code, text } = await host.docker.docker(words);
    if (code !== 0) throw new Error(`docker ${words.join(" ")}: ${text}`);
    return text.trim();
  };
  put(host, { "/opt/proxy/proxy.cjs": proxyCode(version) });
  if ((await docker("images", IMAGE)) !== "") await docker("tag", IMAGE, PREVIOUS);
  await docker("compose", "--project-directory", "opt/proxy", "build", "streaming-proxy");
  await docker("compose", "--project-directory", "opt/proxy", "up", "-d", "streaming-proxy");
  return docker("images", IMAGE);
}

/** Makes the service's world: two hosts with what runs on them, the clients' releases, and the edge they ask. */
export async function prepareWorld(
  sandbox: Sandbox,
  { seed, say }: { seed: number; say(line: string): void },
) {
  if (!nginxProgram())
    throw new Error(
      "This drill needs nginx: its hosts run the real one. Nothing was started. On Debian: apt-get install nginx.",
    );
  const tokens = {
    right: randomBytes(18).toString("base64url"),
    wrong: randomBytes(18).toString("base64url"),
  };
  await new SecretsManagerClient(sandbox.clientConfig()).send(
    new CreateSecretCommand({
      Name: "tunnel-system/api",
      SecretString: JSON.stringify({ token: tokens.right }),
    }),
  );
  const web = await sandbox.createHost({ ...WEB, ports: [443] });
  const api = await sandbox.createHost({ ...API, ports: [8080, 8081, 8090] });
  const addresses = { web: web.address, api: api.address, name: WEB.name };
  const certificates = {
    right: await sandbox.certificate([WEB.name]),
    // A renewal that went to the wrong name.
    wrong: await sandbox.certificate(["staging.tunnel-system.internal"]),
  };
  const files = {
    good: filesOf(GOOD, addresses, certificates.right, tokens.right),
    bad: filesOf(BAD, addresses, certificates.wrong, tokens.wrong),
  };
  const git = repository(api);
  const modules = join(createRequire(import.meta.url).resolve("ws/package.json"), "../..");
  put(api, { "/etc/systemd/system/tunnel-api.service": apiUnit({ api: api.address }) });
  put(api, files.good.api, 0o640);
  deploy(api, files.good.api);
  put(web, { "/etc/nginx/nginx.conf": NGINX_CONF, "/etc/systemd/system/nginx.service": NGINX_UNIT });
  put(web, files.good.web, 0o640);
  deploy(web, files.good.web);
  await started(api, "tunnel-api");
  put(api, {
    "/opt/proxy/docker-compose.yml": composeFile({ api: api.address, modules, token: tokens.right }),
  });
  await deployProxy(api, OLDER);
  const image = await deployProxy(api, GOOD);
  await started(web, "nginx");
  say(`nginx on ${web.address} and the API ${GOOD} on ${api.address} run`);

  const s3 = new S3Client({ ...sandbox.clientConfig(), forcePathStyle: true });
  const releases = await publish(s3, sandbox.account, seed);
  await sandbox.createDistribution({ id: DISTRIBUTION, bucket: UPDATES, aliases: [EDGE] });
  const edge = await sandbox.allocateHost(EDGE, [443]);
  say(`clients are updated from ${EDGE}: release ${GOOD}`);
  return {
    web,
    api,
    image,
    edge,
    files,
    git,
    s3,
    releases,
    token: tokens.right,
    caPem: certificates.right.caPem,
  };
}

function filesOf(
  version: string,
  at: { web: string; api: string; name: string },
  { certPem, keyPem }: { certPem: string; keyPem: string },
  token: string,
) {
  return {
    web: {
      "/etc/nginx/sites-enabled/tunnel.conf": site(version, at),
      "/etc/nginx/tls/fullchain.pem": certPem,
      "/etc/nginx/tls/privkey.pem": keyPem,
    },
    api: { "/etc/tunnel/api.env": `PORT=8080\nAPI_TOKEN=${token}\n` },
  };
}

/** The API's working copy, with a commit and a tag for each release; the good one is checked out. */
function repository(api: Host): (...given: string[]) => string {
  const folder = join(api.folder, "opt/tunnel");
  mkdirSync(folder, { recursive: true });
  const author = ["-c", "user.name=Tunnel", "-c", "user.email=developers@tunnel.example"];
  const git = (...given: string[]) =>
    execFileSync("git", ["-C", folder, ...author, ...given], { encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  for (const version of [OLDER, GOOD, BAD]) {
    put(api, {
      "/opt/tunnel/server.cjs": apiCode(version),
      "/opt/tunnel/package.json": `${JSON.stringify({ name: "tunnel-api", version })}\n`,
    });
    git("add", ".");
    git("commit", "--quiet", "--message", `Release ${version}`);
    git("tag", `v${version}`);
  }
  git("checkout", "--quiet", `v${GOOD}`);
  return git;
}

async function started(host: Host, unit: string): Promise<void> {
  const { code, text } = await host.init.systemctl(["start", unit]);
  if (code !== 0) throw new Error(`${unit} could not be started on ${host.name}: ${text}`);
}

/** Both releases with their checksums; the manifest and the newest files are those of the good one. */
async function publish(s3: S3Client, account: string, seed: number) {
  for (const Bucket of [UPDATES, RELEASES]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${UPDATES}/*`,
        Condition: {
          StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${account}:distribution/${DISTRIBUTION}` },
        },
      },
    ],
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket: UPDATES, Policy }));
  const bodyOf = (version: string, file: string) => `${file} ${version} ${seed} `.repeat(2_000);
  for (const version of [OLDER, GOOD, BAD]) {
    const sums = FILES.map((file) => `${sha256(bodyOf(version, file))}  ${file}\n`).join("");
    await s3.send(new PutObjectCommand({ Bucket: RELEASES, Key: `v${version}/SHA256SUMS`, Body: sums }));
    for (const file of FILES)
      await s3.send(
        new PutObjectCommand({ Bucket: RELEASES, Key: `v${version}/${file}`, Body: bodyOf(version, file) }),
      );
  }
  /** What a release's pipeline does when it sends clients there. */
  const announce = async (version: string) => {
    const manifest = { version, url: `https://${EDGE}/v${version}/`, mandatory: false, changelog: version };
    await s3.send(
      new PutObjectCommand({
        Bucket: UPDATES,
        Key: MANIFEST,
        Body: JSON.stringify(manifest),
        ContentType: "application/json",
        CacheControl: "max-age=86400",
      }),
    );
    await s3.send(new PutObjectCommand({ Bucket: UPDATES, Key: LATEST, Body: bodyOf(version, FILES[0]!) }));
  };
  await announce(OLDER);
  await announce(GOOD);
  return { announce, latest: sha256(bodyOf(GOOD, FILES[0]!)) };
}

export const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");
