import { StateFailure } from "../failure.ts";
import type { StateHandler } from "../frame.ts";
import { ruleMatches } from "../jsonpath/choice-rules.ts";
import { Visit } from "../visit.ts";

/** Takes the first rule that holds, else Default. A rule's own Output and Assign replace the state's. */
export const choice: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  return visit.attempt(async () => {
    for (const [index, rule] of (state.Choices ?? []).entries()) {
      const holds = visit.jsonata
        ? rule.Condition === true ||
          (rule.Condition !== false &&
            (await visit.fillTyped(rule.Condition, `Choices[${index}]/Condition`, "boolean")))
        : ruleMatches(visit, rule);
      if (!holds) continue;
      const own = { Output: rule.Output, Assign: rule.Assign };
      return visit.exit({
        next: rule.Next!,
        fields: visit.jsonata ? own : { ...state, Assign: rule.Assign },
        prefix: `Choices[${index}]/`,
      });
    }
    if (state.Default === undefined)
      throw new StateFailure(
        "States.NoChoiceMatched",
        `An error occurred while executing the state '${name}' (entered at the event id #${visit.enteredAt}). Failed to transition out of the state. The state does not point to a next state.`,
      );
    return visit.exit({ next: state.Default });
  });
};
