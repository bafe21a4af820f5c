import type { StateHandler } from "../frame.ts";
import { parameters } from "../jsonpath/state-fields.ts";
import { linkedAbort } from "../linked-abort.ts";
import { Scope } from "../scope.ts";
import { Visit } from "../visit.ts";

/** Runs its branches side by side; the first failure stops the others and is the state's own. */
export const parallel: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  return visit.attempt(
    async () => {
      const branchInput = visit.jsonata
        ? state.Arguments === undefined
          ? input
          : await visit.fill(state.Arguments, "Arguments")
        : parameters(visit, visit.pathInput);
      visit.add("ParallelStateStarted");
      const started = frame.last;
      const { controller, release } = linkedAbort(frame.signal);
      try {
        const result = await Promise.all(
          (state.Branches ?? []).map(async (machine) => {
            const branch = {
              ...frame,
              machine,
              language: machine.QueryLanguage ?? frame.language,
              scope: new Scope(frame.scope),
              last: started,
              signal: controller.signal,
            };
            try {
              return await frame.run.branch(branch, branchInput);
            } finally {
              frame.last = frame.run.history.events.length;
            }
          }),
        );
        visit.addAside("ParallelStateSucceeded");
        return await visit.exit({ next: visit.next, result, hasResult: true });
      } catch (problem) {
        controller.abort(problem);
        throw problem;
      } finally {
        release();
      }
    },
    () => visit.add("ParallelStateFailed"),
  );
};
