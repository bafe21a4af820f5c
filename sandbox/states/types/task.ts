import { StateFailure } from "../failure.ts";
import type { StateHandler } from "../frame.ts";
import { parameters } from "../jsonpath/state-fields.ts";
import { linkedAbort } from "../linked-abort.ts";
import { Visit } from "../visit.ts";

/** Calls its resource, with a deadline and a heartbeat. */
export const task: StateHandler = (frame, name, state, input) => {
  const visit = new Visit(frame, name, state, input);
  const { options } = frame.run;
  return visit.attempt(async () => {
    const timeoutSeconds = await visit.number("TimeoutSeconds", "TimeoutSecondsPath");
    const heartbeatSeconds = await visit.number("HeartbeatSeconds", "HeartbeatSecondsPath");
    visit.token = options.newToken();
    const given = visit.jsonata
      ? state.Arguments === undefined
        ? input
        : await visit.fill(state.Arguments, "Arguments")
      : parameters(visit, visit.pathInput);
    const { controller, release } = linkedAbort(frame.signal);
    try {
      const result = await options.task({
        resource: state.Resource!,
        arguments: given,
        token: visit.token,
        signal: controller.signal,
        events: { add: (type, details) => visit.add(type, details) },
        timeoutSeconds,
        heartbeatSeconds,
      });
      return await visit.exit({ next: visit.next, result, hasResult: true });
    } catch (problem) {
      controller.abort(problem);
      throw problem instanceof Error ? problem : new StateFailure("States.TaskFailed", String(problem));
    } finally {
      visit.token = undefined;
      release();
    }
  });
};
