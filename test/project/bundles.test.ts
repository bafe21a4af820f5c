import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { actions } from "../../lambdas/actions/registry.ts";
import { type Bundle, buildBundles } from "../../lambdas/build.ts";
import { checks } from "../../lambdas/checks/registry.ts";

let bundles: Record<string, Bundle>;

beforeAll(async () => {
  bundles = await buildBundles();
});

/** Packages whose code is in the bundle, not only read while it was made. */
const packagesOf = (name: string): string[] => {
  const output = Object.entries(bundles[name]!.metafile.outputs).find(([file]) => file.endsWith("index.mjs"));
  const inputs = Object.entries(output![1].inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return [
    ...new Set(inputs.flatMap(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])),
  ];
};
const inputsOf = (name: string) =>
  Object.values(bundles[name]!.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));

describe("A bundle", () => {
  it.each(Object.values({ ...actions, ...checks }).map((spec) => [spec.kind, spec.clients] as const))(
    "of %s holds the SDK clients of its spec and no other",
    (kind, clients) => {
      const found = packagesOf(kind).filter((name) => name.startsWith("@aws-sdk/client-"));

      expect(found.toSorted()).toEqual([...clients].toSorted());
    },
  );

  it("holds no language of zod's messages but English", () => {
    const languages = Object.keys(bundles).flatMap((name) =>
      inputsOf(name).flatMap((file) => /zod\/v4\/locales\/(.+)\.js$/.exec(file)?.[1] ?? []),
    );

    expect([...new Set(languages)]).toEqual(["en"]);
  });

  // It would load undici, behind node:http's `WebSocket`, in every cold start.
  it("never imports node:http as a module", () => {
    for (const { name, folder } of Object.values(bundles))
      expect([
        name,
        /(from|import\()\s*"node:http"/.test(readFileSync(join(folder, "index.mjs"), "utf8")),
      ]).toEqual([name, false]);
  });

  it("holds the environment's credentials and no other provider", () => {
    for (const name of Object.keys(bundles)) {
      const packages = packagesOf(name);

      if (packages.some((each) => each.startsWith("@aws-sdk/client-")))
        expect(inputsOf(name)).toContainEqual(expect.stringMatching(/lambdas\/runtime\/credentials\.ts$/));
      expect(packages.filter((each) => /credential-provider/.test(each))).toEqual([]);
    }
  });
});
