/**
 * The ladder's input, in JSONata: as a run or a ramp writes it, or made of what EventBridge says of one that was stopped
 * or ran out of time, which can write nothing any more. `detail` is that of "Step Functions Execution Status Change":
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function ladderInput(service: string, execution: string): string {
  return `{% (
    $event := ${execution}.Input.detail;
    $given := $exists($event) ? $exists($event.input) and $event.input != null ? $parse($event.input) : {};
    $ramp := $exists($event) ? $contains($event.executionArn, ":execution:${service}-redeploy:") : false;
    $exists($event) ? {
      "cause": $ramp ? "redeploy" : "cut-short",
      "run": {
        "id": $event.name,
        "service": "${service}",
        "startedAt": $fromMillis($event.startDate),
        "generation": 0,
        "dryRun": $given.dryRun = true,
        "reason": $exists($given.reason) ? $given.reason : "no reason was given",
        "trigger": $exists($given.trigger) ? $given.trigger : {"type": "manual", "by": $exists($given.by) ? $given.by : "somebody"},
        "plan": ""
      },
      "decision": null,
      "changes": {},
      "checks": [],
      "watch": null,
      "failure": {
        "error": $event.status,
        "cause": $ramp
          ? "The redeploy ended in the middle: what it had brought out stays out, and alarms begin rollbacks again. Look at " & $event.executionArn & " for what was done."
          : "It ended in the middle, so it undid nothing: what it had changed stays changed, and it keeps the lock. Look at " & $event.executionArn & " for what was done.",
        "state": "wherever it was",
        "at": $fromMillis($event.stopDate)
      },
      "reverts": [],
      "report": null
    } : ${execution}.Input
  ) %}`.replaceAll(/\s+/g, " ");
}
