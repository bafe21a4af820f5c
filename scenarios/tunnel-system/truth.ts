import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { oneGoodRun } from "../one-good-run.ts";
import type { EndedRun, Expectation } from "../scenario.ts";
import { until } from "../until.ts";
import { ask, type Clients, type ClientTarget } from "./clients.ts";
import { EDGE, LATEST, MANIFEST, type Prepared, sha256, UPDATES } from "./prepare.ts";
import { BAD, GOOD } from "./service.ts";

const expected = (text: string, held: boolean, detail: string): Expectation => ({ text, held, detail });

/** Compares hosts, buckets, edge and what clients met with what was kept aside. */
export async function expectations(
  run: EndedRun,
  made: Prepared,
  target: ClientTarget,
  clients: Clients,
): Promise<Expectation[]> {
  // The clients' last report may still be from before.
  await until(
    "a report of the clients",
    () => clients.errorRate === 0 && clients.connectionFailures === 0,
  ).catch(() => undefined);
  return [
    ...oneGoodRun(run),
    files(made),
    kept(made),
    code(made),
    image(made),
    await certificate(made, target),
    await answers(target),
    await manifest(made),
    ...(await clientsWere(clients)),
  ];
}

const both = ({ web, api, files: { good, bad } }: Prepared) => [
  ...Object.entries(good.web).map(([path, text]) => ({ host: web, path, text, bad: bad.web[path as never] })),
  ...Object.entries(good.api).map(([path, text]) => ({ host: api, path, text, bad: bad.api[path as never] })),
];

function files(made: Prepared): Expectation {
  const all = both(made);
  const other = all.filter(({ host, path, text }) => readFileSync(join(host.folder, path), "utf8") !== text);
  return expected(
    "nginx's configuration, certificate, key and the environment are back, byte for byte",
    other.length === 0,
    other.length === 0 ? `${all.length} files` : other.map(({ path }) => path).join(", "),
  );
}

/** Nothing is deleted: what the release brought stands beside what came back. */
function kept(made: Prepared): Expectation {
  const all = both(made);
  const missing = all.filter(({ host, path, bad }) => {
    const folder = join(host.folder, path, "..");
    const name = path.split("/").at(-1)!;
    const copies = readdirSync(folder).filter((each) => each.startsWith(`${name}.watchdog-`));
    return !copies.some((copy) => readFileSync(join(folder, copy), "utf8") === bad);
  });
  return expected(
    "what the release had put there is kept beside it",
    missing.length === 0,
    missing.length === 0 ? `${all.length} copies` : missing.map(({ path }) => path).join(", "),
  );
}

function code({ git, api }: Prepared): Expectation {
  const [head, good, bad] = ["HEAD", `v${GOOD}`, `v${BAD}`].map((ref) => git("rev-parse", `${ref}^{commit}`));
  return expected(
    "the API's working copy is at the commit of before, and has the other still",
    head === good && bad !== undefined && api.init.isActive("tunnel-api"),
    `HEAD ${head?.slice(0, 12)}, v${GOOD} ${good?.slice(0, 12)}`,
  );
}

function image({ api, image: wanted }: Prepared): Expectation {
  const found = api.docker.running("streaming-proxy");
  return expected(
    "the streaming proxy runs the image of before",
    found === wanted,
    `${found?.slice(0, 19) ?? "not running"}, wanted ${wanted.slice(0, 19)}`,
  );
}

async function certificate({ files: { good } }: Prepared, target: ClientTarget): Promise<Expectation> {
  const wanted = new X509Certificate(good.web["/etc/nginx/tls/fullchain.pem"]).fingerprint256;
  const found = await ask(target, "/api/health").then(
    (answer) => new X509Certificate(answer.certificate).fingerprint256,
    (error: Error) => error.message,
  );
  return expected("clients are shown the certificate of before", found === wanted, found.slice(0, 23));
}

async function answers(target: ClientTarget): Promise<Expectation> {
  const found = await Promise.all(
    ["/api/health", "/api/bridge/health", "/api/user/profile"].map((path) =>
      ask(target, path).then(
        ({ status, body }) => `${path} ${status} ${body}`,
        (error: Error) => `${path} ${error.message}`,
      ),
    ),
  );
  const right = found.every((line) => / 200 /.test(line)) && found[0]!.includes(`"version":"${GOOD}"`);
  return expected("health, bridge and authentication answer as before", right, found[0]!);
}

async function manifest({ s3, edge, caPem, releases }: Prepared): Promise<Expectation> {
  const read = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: UPDATES, Key }))).Body!.transformToByteArray();
  const origin = JSON.parse(Buffer.from(await read(MANIFEST)).toString()) as Record<string, unknown>;
  const atEdge = await ask({ address: edge.address, name: EDGE, caPem, token: "" }, `/${MANIFEST}`);
  const shown = JSON.parse(atEdge.body) as Record<string, unknown>;
  const latest = sha256(await read(LATEST));
  return expected(
    "clients are sent back to the release of before, at the edge too, and its file is that of before",
    origin["version"] === GOOD &&
      shown["version"] === GOOD &&
      shown["mandatory"] === true &&
      latest === releases.latest,
    `origin ${String(origin["version"])}, edge ${String(shown["version"])}, ${LATEST} ${latest.slice(0, 12)}`,
  );
}

async function clientsWere(clients: Clients): Promise<Expectation[]> {
  const { errorRate, connectionFailures, pushed } = clients;
  const told = pushed.filter((message) => message.includes("update_required"));
  return [
    expected(
      "clients reach the service and its bridge again",
      errorRate === 0 && connectionFailures === 0,
      `${errorRate?.toFixed(1)} % errors, ${connectionFailures?.toFixed(1)} % of bridges failed`,
    ),
    expected("a connected client was told to update, once", told.length === 1, `${told.length} message(s)`),
  ];
}
