import { buildBundles } from "../lambdas/build.ts";

/** Once, before any test file: files that run side by side would each build all of them. */
export default async function setup(): Promise<void> {
  await buildBundles();
}
