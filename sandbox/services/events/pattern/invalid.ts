import { ServiceException } from "../../../service.ts";

/** What EventBridge answers to a pattern it does not accept. */
export const invalid = (reason: string) =>
  new ServiceException("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
