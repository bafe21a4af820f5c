import { existsSync } from "node:fs";
import { join } from "node:path";

/** The file of a plan that was given as a file, or by its name in plans/. */
export function planFileOf(given: string): string {
  const found = [given, join("plans", `${given}.yaml`), join("plans", `${given}.yml`)].find(
    (file) => existsSync(file) && /\.ya?ml$/.test(file),
  );
  if (!found)
    throw new Error(
      `There is no plan ${given}: neither this file nor plans/${given}.yaml. Nothing was started.`,
    );
  return found;
}
