import type { Call } from "../../service.ts";
import { groupName } from "./state.ts";

/** What tagging a group by its ARN needs. */
export const onTagged = (action: string, { world }: Call, arn: string | undefined) => [
  { action: `logs:${action}`, resources: [world.arn("logs", `log-group:${groupName(arn)}`)] },
];
