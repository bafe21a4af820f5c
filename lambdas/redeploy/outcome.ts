import { RAMP_ERRORS, type RampAdmission } from "../runtime/protocol.ts";

/** What a ramp is told at its next step when this came between. */
export const OUTCOME_OF = {
  [RAMP_ERRORS.fired]: "fired",
  [RAMP_ERRORS.overtaken]: "overtaken",
  [RAMP_ERRORS.replaced]: "replaced",
} as const satisfies Record<string, RampAdmission["outcome"]>;
