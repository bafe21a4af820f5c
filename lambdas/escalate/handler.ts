import { wordsOf } from "../messages/render.ts";
import { climb, endLadder, settled } from "../runtime/ladder.ts";
import { ENGINEERS_ONLY } from "../runtime/notices.ts";
import type { EscalateAnswer, EscalateEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { tellPeople } from "../runtime/tell/tell.ts";

/**
 * One rung of the escalation ladder: reads whether somebody acknowledged, and if nobody did, calls whom the rung names.
 * Reading and calling are one step, so that nobody is called long after the acknowledgement was read.
 */
export const handler = serve("escalate", async (event: EscalateEvent, context): Promise<EscalateAnswer> => {
  const { run, escalation, verb } = event;
  const { tableName, now } = context;
  if (escalation.cause === "not-restored") {
    const why = await settled(tableName, run.service, run.id);
    // A run that failed while its ladder climbs is no reason to stop calling.
    if (why && (verb === "look" || !why.endsWith("failed"))) {
      await endLadder(tableName, run.service, escalation.ladder);
      return { over: true, sent: false, note: why };
    }
  }
  if (verb === "look") return { over: false, sent: false, note: `run ${run.id} is not verified yet` };
  const found = await climb(tableName, event, now());
  if (found.over) return { over: true, sent: false, note: found.note };
  const tell = event.tell ?? ENGINEERS_ONLY;
  const told = await tellPeople(event, tell, wordsOf(event, tell), context);
  if (escalation.last) await endLadder(tableName, run.service, escalation.ladder);
  return { ...told, over: false, note: `${found.note}; ${told.note ?? ""}` };
});
