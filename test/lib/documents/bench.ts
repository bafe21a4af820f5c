import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "../../../lib/documents/index.ts";
import { createHost, type ManagedHost } from "../../../sandbox/engines/host/index.ts";
import { ssm } from "../../../sandbox/services/ssm/index.ts";
import { until } from "../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";

export interface DocumentBench {
  host: ManagedHost;
  test: TestWorld;
  /** Runs one vetted document on the host, through Systems Manager. */
  run(
    name: string,
    parameters: Record<string, string>,
  ): Promise<{ code: number; output: string; error: string }>;
  read(path: string): string;
  write(path: string, text: string, mode?: number): void;
}

/** A host, and every vetted document in its account. */
export async function documentBench(): Promise<DocumentBench> {
  const test = await openWorld([ssm], { speed: 60 });
  const host = await createHost(test.world, {
    instanceId: "i-0123456789abcdef0",
    name: "web.internal",
    ports: [80],
  });
  const call = <Output>(operation: string, input: object) =>
    test.world.call<Output>({ service: "ssm", operation, input, principal: { type: "admin" } });
  const { contentOf } = await import("../../../lib/documents/document.ts");
  for (const document of Object.values(documents))
    await call("CreateDocument", { Name: document.name, Content: JSON.stringify(contentOf(document)) });
  return {
    test,
    host,
    read: (path) => readFileSync(join(host.folder, path), "utf8"),
    write: (path, text, mode = 0o644) => writeFileSync(join(host.folder, path), text, { mode }),
    async run(DocumentName, parameters) {
      const Parameters = Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, [value]]),
      );
      const { Command } = await call<{ Command: { CommandId: string } }>("SendCommand", {
        DocumentName,
        InstanceIds: [host.instanceId],
        Parameters,
      });
      let found = {
        Status: "Pending",
        ResponseCode: -1,
        StandardOutputContent: "",
        StandardErrorContent: "",
      };
      await until(`${DocumentName} to end`, async () => {
        found = await call("GetCommandInvocation", {
          CommandId: Command.CommandId,
          InstanceId: host.instanceId,
        });
        return !["Pending", "InProgress"].includes(found.Status);
      });
      return {
        code: found.ResponseCode,
        output: found.StandardOutputContent,
        error: found.StandardErrorContent,
      };
    },
  };
}
