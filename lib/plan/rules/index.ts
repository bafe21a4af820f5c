import { duplicateIds } from "./duplicate-ids.ts";
import { fenceBeforeSwitch } from "./fence-before-switch.ts";
import { historyEvents } from "./history-events.ts";
import { overwriteNeedsProvedBackup } from "./overwrite-needs-proved-backup.ts";
import { restoredNameIsLive } from "./restored-name-is-live.ts";
import { rollbackTriggerMissingData } from "./rollback-trigger-missing-data.ts";
import type { Rule } from "./rule.ts";
import { switchTargetUnchecked } from "./switch-target-unchecked.ts";
import { timeBudget } from "./time-budget.ts";
import { triggerWindow } from "./trigger-window.ts";
import { unrevertibleNeedsApproval } from "./unrevertible-needs-approval.ts";

/** Every plan rule by its id, which is its file's name. A plan is synthesized only if all of them find nothing. */
export const rules: Record<string, Rule> = {
  "duplicate-ids": duplicateIds,
  "trigger-window": triggerWindow,
  "rollback-trigger-missing-data": rollbackTriggerMissingData,
  "overwrite-needs-proved-backup": overwriteNeedsProvedBackup,
  "fence-before-switch": fenceBeforeSwitch,
  "switch-target-unchecked": switchTargetUnchecked,
  "restored-name-is-live": restoredNameIsLive,
  "unrevertible-needs-approval": unrevertibleNeedsApproval,
  "time-budget": timeBudget,
  "history-events": historyEvents,
};
