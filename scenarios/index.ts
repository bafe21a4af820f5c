import { scenario as aiReliability } from "./ai-reliability/scenario.ts";
import { scenario as llmHub } from "./llm-hub/scenario.ts";
import { scenario as llmOrchestrator } from "./llm-orchestrator/scenario.ts";
import { scenario as llmResearchLab } from "./llm-research-lab/scenario.ts";
import { scenario as llmResearchLabAurora } from "./llm-research-lab-aurora/scenario.ts";
import { scenario as llmResearchLabCluster } from "./llm-research-lab-cluster/scenario.ts";
import type { Scenario } from "./scenario.ts";
import { scenario as tunnelSystem } from "./tunnel-system/scenario.ts";

/** Every scenario, by the name of its plan. */
export const scenarios: Record<string, Scenario> = {
  [aiReliability.name]: aiReliability,
  [llmHub.name]: llmHub,
  [llmOrchestrator.name]: llmOrchestrator,
  [llmResearchLab.name]: llmResearchLab,
  [llmResearchLabAurora.name]: llmResearchLabAurora,
  [llmResearchLabCluster.name]: llmResearchLabCluster,
  [tunnelSystem.name]: tunnelSystem,
};
