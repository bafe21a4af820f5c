import { instanceDatabase } from "./instance.ts";
import { labScenario } from "./lab.ts";

export const scenario = labScenario({
  name: "llm-research-lab",
  summary: "Release 1.3.0 damages two thirds of the experiments and brings a wrong provider key",
  database: instanceDatabase,
});
