import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildBundles } from "../lambdas/build.ts";
import { ROOT } from "./sources.ts";

/**
 * Makes what is published: the library as JavaScript with its types, and the functions' bundles. Node.js takes no
 * types off files below node_modules, so that the sources alone could not be used from there.
 */
export async function buildPackage(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  execFileSync(
    join(ROOT, "node_modules", ".bin", "tsc"),
    ["-p", join(ROOT, "tsconfig.build.json"), "--outDir", outdir],
    { stdio: "inherit" },
  );
  for (const { name, folder } of Object.values(await buildBundles())) {
    cpSync(folder, join(outdir, "bundles", name), { recursive: true });
    cpSync(`${folder}.meta.json`, join(outdir, "bundles", `${name}.meta.json`));
  }
}

if (import.meta.main) await buildPackage(resolve(process.argv[2] ?? join(ROOT, "dist")));
