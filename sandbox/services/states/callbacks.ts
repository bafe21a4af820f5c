import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { statesState, type WaitingTask } from "./state.ts";

/** The task behind a token; TaskTimedOut when it is over, InvalidToken when there never was one. */
export function waitingTask(world: World, token: string | undefined): WaitingTask {
  const { waiting, spent } = statesState(world);
  const task = waiting.get(token ?? "");
  if (task) return task;
  if (spent.has(token ?? ""))
    throw new ServiceException("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  throw new ServiceException("InvalidToken", `Invalid Token: 'Invalid token'`);
}
