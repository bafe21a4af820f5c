import { join } from "node:path";
import type { Scenario } from "../../../scenarios/scenario.ts";
import { cluster } from "./cluster.ts";
import { code } from "./code.ts";
import { configuration } from "./configuration.ts";
import { scenario as databases } from "./databases.ts";
import { hosts } from "./hosts.ts";

/** A plan that exists for the contract suite alone, with the little that its steps change. */
export interface Bench {
  planFile: string;
  scenario: Scenario;
}

const bench = (scenario: Scenario): Bench => ({
  planFile: join(import.meta.dirname, `${scenario.name}.yaml`),
  scenario,
});

/** By the name that fixtures give as `plan`; any other name is a plan of `plans/`. */
export const benches: Record<string, Bench> = {
  code: bench(code),
  configuration: bench(configuration),
  cluster: bench(cluster),
  hosts: bench(hosts),
  databases: bench(databases),
};
