import type { Finding } from "../problem.ts";
import type { Registries } from "../registries.ts";
import type { Plan } from "../schema.ts";
import { afterWatchComesLast } from "./after-watch-comes-last.ts";
import { approvalNamesApprovers } from "./approval-names-approvers.ts";
import { approverTwice } from "./approver-twice.ts";
import { duplicateIds } from "./duplicate-ids.ts";
import { fenceBeforeSwitch } from "./fence-before-switch.ts";
import { fenceHasAWayOut } from "./fence-has-a-way-out.ts";
import { historyEvents } from "./history-events.ts";
import { levelRunsNothing } from "./level-runs-nothing.ts";
import { metricAsPublished } from "./metric-as-published.ts";
import { occupiedTooLong } from "./occupied-too-long.ts";
import { overwriteNeedsProvedBackup } from "./overwrite-needs-proved-backup.ts";
import { practiceProvesRestore } from "./practice-proves-restore.ts";
import { redeployGoesBack } from "./redeploy-goes-back.ts";
import { redeployHistoryEvents } from "./redeploy-history-events.ts";
import { redeployMeasures } from "./redeploy-measures.ts";
import { restoredNameIsLive } from "./restored-name-is-live.ts";
import { rollbackTriggerMissingData } from "./rollback-trigger-missing-data.ts";
import type { Rule } from "./rule.ts";
import { sideBySide } from "./side-by-side.ts";
import { somebodyIsTold } from "./somebody-is-told.ts";
import { stageLevelUnknown } from "./stage-level-unknown.ts";
import { switchTargetUnchecked } from "./switch-target-unchecked.ts";
import { textLooksLikeExpression } from "./text-looks-like-expression.ts";
import { timeBudget } from "./time-budget.ts";
import { triggerKind } from "./trigger-kind.ts";
import { triggerNeverDecides } from "./trigger-never-decides.ts";
import { triggerWindow } from "./trigger-window.ts";
import { unrevertibleNeedsApproval } from "./unrevertible-needs-approval.ts";
import { watchMeasuresTwice } from "./watch-measures-twice.ts";
import { watchMeasuresUsers } from "./watch-measures-users.ts";
import { worseNamesStages } from "./worse-names-stages.ts";

/** Every plan rule by its id, which is its file's name. A plan is synthesized only if all of them find nothing. */
export const rules: Record<string, Rule> = {
  "duplicate-ids": duplicateIds,
  "text-looks-like-expression": textLooksLikeExpression,
  "trigger-kind": triggerKind,
  "trigger-window": triggerWindow,
  "trigger-never-decides": triggerNeverDecides,
  "metric-as-published": metricAsPublished,
  "rollback-trigger-missing-data": rollbackTriggerMissingData,
  "overwrite-needs-proved-backup": overwriteNeedsProvedBackup,
  "side-by-side": sideBySide,
  "occupied-too-long": occupiedTooLong,
  "fence-before-switch": fenceBeforeSwitch,
  "fence-has-a-way-out": fenceHasAWayOut,
  "switch-target-unchecked": switchTargetUnchecked,
  "restored-name-is-live": restoredNameIsLive,
  "unrevertible-needs-approval": unrevertibleNeedsApproval,
  "approval-names-approvers": approvalNamesApprovers,
  "approver-twice": approverTwice,
  "time-budget": timeBudget,
  "history-events": historyEvents,
  "level-runs-nothing": levelRunsNothing,
  "stage-level-unknown": stageLevelUnknown,
  "watch-measures-users": watchMeasuresUsers,
  "watch-measures-twice": watchMeasuresTwice,
  "worse-names-stages": worseNamesStages,
  "somebody-is-told": somebodyIsTold,
  "after-watch-comes-last": afterWatchComesLast,
  "practice-proves-restore": practiceProvesRestore,
  "redeploy-goes-back": redeployGoesBack,
  "redeploy-measures": redeployMeasures,
  "redeploy-history-events": redeployHistoryEvents,
};

/** Runs every rule; a rule that throws is itself a finding, never a pass. */
export function judge(
  plan: Plan,
  registries: Registries,
  judging: Record<string, Rule> = rules,
): (Finding & { rule: string })[] {
  return Object.entries(judging).flatMap(([rule, check]) => {
    try {
      return check(plan, registries).map((finding) => ({ ...finding, rule }));
    } catch (error) {
      return [
        {
          path: [],
          reason: `the rule could not be checked: ${(error as Error).message}`,
          instead: "report this; the plan is refused until the rule can be checked",
          rule,
        },
      ];
    }
  });
}
