import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import type { World } from "../../world.ts";
import type { Project } from "./state.ts";

/** Puts a project's source into the folder of a build, read from S3 by the project's own role. */
export async function downloadSource(world: World, project: Project, folder: string): Promise<void> {
  const { location, serviceRole } = project;
  if (!location) return;
  const [Bucket = "", ...rest] = location.split("/");
  const Prefix = rest.join("/");
  const principal = { type: "role", roleArn: serviceRole, sessionName: "AWSCodeBuild" } as const;
  const call = <Answer>(operation: string, input: object) =>
    world.call<Answer>({ service: "s3", operation, input, principal });
  const { Contents = [] } = await call<{ Contents?: { Key: string }[] }>("ListObjectsV2", { Bucket, Prefix });
  for (const { Key } of Contents) {
    const file = resolve(folder, Key.slice(Prefix.length));
    if (!file.startsWith(folder + sep)) throw new Error(`${Key} leaves the build's folder`);
    const { Body } = await call<{ Body?: Uint8Array }>("GetObject", { Bucket, Key });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Body ?? "");
  }
}
