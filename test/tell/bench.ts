import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { stringify } from "yaml";
import { confirmSubscriptions } from "../../bin/drill/inbox.ts";
import type { AnnounceAnswer, AnnounceEvent } from "../../lambdas/runtime/protocol.ts";
import { subscribers } from "../../lib/plan/audiences.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import type { Plan } from "../../lib/plan/schema.ts";
import { synthesize } from "../../lib/synthesize.ts";
import { functionPool } from "../../sandbox/engines/functions/index.ts";
import { type Mail, mails } from "../../sandbox/engines/mail.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";

/** The stack of a plan in a sandbox without a service under it: for what tells people. */
export interface TellBench {
  sandbox: Sandbox;
  plan: Plan;
  outputs: Record<string, string>;
  /** Calls a deployed function by a piece of its description, as the state machine does. */
  invoke<Answer>(description: string, payload: object): Promise<Answer>;
  announce(event: AnnounceEvent): Promise<AnnounceAnswer>;
  mails(): Mail[];
  mailsTo(address: string): Mail[];
  close(): Promise<void>;
}

export async function tellBench(
  change: (plan: Record<string, unknown>) => void,
  options: { speed?: number; before?(sandbox: Sandbox): Promise<void> } = {},
): Promise<TellBench> {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-tell-test-"));
  const document = structuredClone(loadPlanOrThrow("plans/llm-research-lab.yaml")) as unknown as Record<
    string,
    unknown
  >;
  change(document);
  const planFile = join(folder, "plan.yaml");
  writeFileSync(planFile, stringify(document));
  const sandbox = await createSandbox({ speed: options.speed ?? 60 });
  // A whole stack's functions stay warm: starting them again costs more than the tests' own work.
  functionPool(sandbox.world).kept = 40;
  const close = async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const plan = loadPlanOrThrow(planFile);
    const cdkOut = join(folder, "cdk.out");
    const [{ stacks }] = await Promise.all([
      synthesize([planFile], cdkOut, { rules: false }),
      options.before?.(sandbox),
    ]);
    const { outputs } = await sandbox.deploy(cdkOut, stacks[0]!.name);
    await confirmSubscriptions(sandbox, subscribers(plan).size);
    const lambda = new LambdaClient(sandbox.clientConfig());
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
    const invoke = async <Answer>(description: string, payload: object): Promise<Answer> => {
      const fn = Functions.find(({ Description }) => Description?.includes(description));
      if (!fn) throw new Error(`no function says "${description}"`);
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: fn.FunctionName, Payload: JSON.stringify(payload) }),
      );
      const answer = JSON.parse(Buffer.from(Payload!).toString()) as Answer;
      if (FunctionError) throw new Error(JSON.stringify(answer));
      return answer;
    };
    const received = () =>
      mails(sandbox.world).filter((mail) => !/subscription confirmation/i.test(mail.subject));
    return {
      sandbox,
      plan,
      outputs,
      close,
      invoke,
      announce: (event) => invoke("tells people", event),
      mails: received,
      mailsTo: (address) => received().filter(({ to }) => to === address),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A request that a webhook got. */
export interface Received {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** An https host of the sandbox that does as it is told. */
export interface Hook {
  received: Received[];
  /** Status to answer with by path; `hang` never answers; a text is where a redirect leads. */
  answers: Record<string, number | "hang" | string>;
}

export async function hookAt(sandbox: Sandbox, name: string): Promise<Hook> {
  const { address } = await sandbox.allocateHost(name, [443]);
  const { certPem, keyPem } = await sandbox.certificate([name]);
  const hook: Hook = { received: [], answers: {} };
  const server: Server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => {
      text += part.toString();
    });
    request.on("end", () => {
      const path = request.url ?? "";
      hook.received.push({
        path,
        headers: request.headers,
        body: text === "" ? undefined : JSON.parse(text),
      });
      const answer = hook.answers[path] ?? 200;
      if (answer === "hang") return;
      if (typeof answer === "string") response.writeHead(302, { location: answer });
      else response.writeHead(answer);
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(443 + sandbox.portOffset, address, resolve));
  sandbox.world.onStop(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return hook;
}
