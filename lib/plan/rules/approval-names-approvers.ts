import type { Rule } from "./rule.ts";

/** A plan that asks must say whom: a trigger that decides `approve`, a ramp that asks, or time for a hotfix, needs approvers. */
export const approvalNamesApprovers: Rule = ({ triggers, approval, deployments, redeploy }) => {
  if (redeploy?.approval && !approval)
    return [
      {
        path: ["redeploy", "approval"],
        reason: "somebody must be able to let the ramp go on, and the plan names nobody",
        instead: "add `approval: { approvers: [somebody@example.com], deadline: 1h }`",
      },
    ];
  if (deployments.hotfix && !approval)
    return [
      {
        path: ["deployments", "hotfix"],
        reason:
          "somebody must be able to stop or start the rollback while a hotfix is tried, and the plan names nobody",
        instead: "add `approval: { approvers: [somebody@example.com], deadline: 1h }`",
      },
    ];
  const asking = triggers.findIndex(({ decision }) => decision === "approve");
  if (asking < 0 || approval) return [];
  return [
    {
      path: ["triggers", asking, "decision"],
      reason: `"${triggers[asking]!.id}" asks for an approval, and the plan names nobody who may give one`,
      instead: "add `approval: { approvers: [somebody@example.com], deadline: 1h }`",
    },
  ];
};
