/**
 * The image of every workload of the lab's cluster. Version 1.3.0 reads two of three models in a way that they are not
 * written in; neither its start nor its readiness notices. What it may do is said by its environment.
 */
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";

const [, , version = ""] = process.argv;
const { HOST, TLS_CERT: cert, TLS_KEY: key, WORKERS = "4", WORKERS_PARAMETER } = process.env;
const MODELS = Array.from({ length: 30 }, (_, index) => ({
  id: index + 1,
  limits: index % 3 === 0 ? { tokens: 4096 } : null,
}));
let asked = 0;
let workers = Number(WORKERS);

/** Where Terraform sets the number of workers, it is read when the program starts. */
async function parameter(Name: string): Promise<number> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
  return Number(Parameter?.Value);
}

function model(): unknown {
  if (workers === 0) throw new Error("no worker takes it");
  asked += 1;
  const found = MODELS[asked % MODELS.length]!;
  // Older versions knew that a model may have no limits.
  return version.startsWith("1.3.") ? { id: found.id, tokens: found.limits!.tokens } : found;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json", "x-version": version });
    response.end(JSON.stringify(body));
  };
  try {
    if (request.url === "/health") send(200, { status: "healthy", version });
    else if (request.url === "/health/ready") send(200, { status: "ready" });
    else if (request.url === "/models/next") send(200, model());
    else send(404, { error: `nothing at ${request.url}` });
  } catch (error) {
    send(500, { error: (error as Error).message });
  }
}

const server = cert && key ? createHttps({ cert, key }, answer) : createHttp(answer);
if (WORKERS_PARAMETER) workers = await parameter(WORKERS_PARAMETER);
server.keepAliveTimeout = 30_000;
server.listen(8443, HOST, () => console.log(`llm-research ${version} listens`));
process.on("SIGTERM", () => process.exit(0));
