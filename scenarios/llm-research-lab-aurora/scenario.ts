import { labScenario } from "../llm-research-lab/lab.ts";
import { auroraDatabase } from "./cluster.ts";
import { scrape } from "./scraper.ts";

export const scenario = labScenario({
  name: "llm-research-lab-aurora",
  summary: "Release 1.3.0 damages an Aurora cluster and brings a wrong provider key",
  database: auroraDatabase,
  observe: scrape,
});
