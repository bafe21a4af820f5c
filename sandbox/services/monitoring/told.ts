import { type AlarmState, instant, type StateValue } from "./state.ts";

/** A state as events and actions tell it. */
export interface ToldState {
  value: StateValue;
  reason: string;
  reasonData?: string;
  timestamp: string;
  actionsSuppressedBy?: string;
  actionsSuppressedReason?: string;
}

/** A change of state, with what it was before. */
export interface Change {
  state: ToldState;
  previousState: ToldState;
}

/** As events and Lambda actions carry a state. */
export const told = (state: AlarmState): ToldState => ({
  value: state.value,
  ...(state.suppressed
    ? { actionsSuppressedBy: state.suppressed.by, actionsSuppressedReason: state.suppressed.reason }
    : {}),
  reason: state.reason,
  ...(state.reasonData ? { reasonData: state.reasonData } : {}),
  timestamp: instant(state.updatedAt),
});
