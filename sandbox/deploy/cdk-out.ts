import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { putAsset } from "../services/lambda/code.ts";
import type { World } from "../world.ts";
import type { Template } from "./template.ts";

interface Manifest {
  artifacts?: Record<
    string,
    {
      type: string;
      displayName?: string;
      properties?: {
        templateFile?: string;
        stackName?: string;
        file?: string;
        parameters?: Record<string, string>;
      };
      dependencies?: string[];
    }
  >;
}

interface AssetManifest {
  files?: Record<
    string,
    {
      source: { path?: string; packaging?: string };
      destinations: Record<string, { bucketName: string; objectKey: string }>;
    }
  >;
}

export interface SynthesizedStack {
  name: string;
  template: Template;
  parameters: Record<string, string>;
}

/** Reads one stack of a cloud assembly (`cdk.out`) and makes its file assets available to the sandbox's services. */
export function readStack(world: World, cdkOut: string, wanted?: string): SynthesizedStack {
  const file = join(cdkOut, "manifest.json");
  if (!existsSync(file))
    throw new Error(
      `${resolve(cdkOut)} holds no manifest.json. Nothing was deployed. Run "npx cdk synth" first.`,
    );
  const { artifacts = {} } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const stacks = Object.entries(artifacts).filter(([, each]) => each.type === "aws:cloudformation:stack");
  const named = stacks.filter(
    ([id, { displayName, properties }]) =>
      wanted === undefined || [id, displayName, properties?.stackName].includes(wanted),
  );
  const [found] = named;
  if (!found || named.length > 1) {
    const names = stacks.map(([id, { properties }]) => properties?.stackName ?? id).join(", ");
    throw new Error(
      wanted === undefined
        ? `${resolve(cdkOut)} holds ${stacks.length} stacks (${names}). Nothing was deployed. Say which one.`
        : `${resolve(cdkOut)} holds no stack ${wanted}, only: ${names || "none"}. Nothing was deployed.`,
    );
  }
  const [id, { properties = {}, dependencies = [] }] = found;
  for (const dependency of dependencies) {
    const assets = artifacts[dependency];
    if (assets?.type === "cdk:asset-manifest" && assets.properties?.file)
      readAssets(world, cdkOut, join(cdkOut, assets.properties.file));
  }
  return {
    name: properties.stackName ?? id,
    template: JSON.parse(readFileSync(join(cdkOut, properties.templateFile ?? ""), "utf8")) as Template,
    parameters: properties.parameters ?? {},
  };
}

function readAssets(world: World, cdkOut: string, file: string): void {
  const { files = {} } = JSON.parse(readFileSync(file, "utf8")) as AssetManifest;
  for (const { source, destinations } of Object.values(files)) {
    if (!source.path) continue;
    for (const { bucketName, objectKey } of Object.values(destinations))
      putAsset(
        world,
        placeholders(world, bucketName),
        placeholders(world, objectKey),
        resolve(cdkOut, source.path),
      );
  }
}

function placeholders(world: World, text: string): string {
  return text
    .replaceAll("${AWS::AccountId}", world.account)
    .replaceAll("${AWS::Region}", world.region)
    .replaceAll("${AWS::Partition}", "aws");
}
