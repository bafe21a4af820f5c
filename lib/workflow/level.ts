import type { Choice } from "./asl.ts";
import { quoted } from "./variables.ts";

/** Whether a part of the workflow runs at the level that was decided. */
export function levelGate(levels: string[], runs: string, skipped: string): Choice {
  return {
    Type: "Choice",
    Choices: [{ Condition: `{% $decision.level in [${levels.map(quoted).join(", ")}] %}`, Next: runs }],
    Default: skipped,
    Output: {},
  };
}
