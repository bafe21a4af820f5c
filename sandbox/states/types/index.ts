import type { State } from "../asl.ts";
import type { Frame } from "../run.ts";
import type { Step } from "../visit.ts";
import { choice } from "./choice.ts";
import { fail } from "./fail.ts";
import { map } from "./map.ts";
import { parallel } from "./parallel.ts";
import { pass } from "./pass.ts";
import { succeed } from "./succeed.ts";
import { task } from "./task.ts";
import { wait } from "./wait.ts";

/** Runs one state of its type. */
export type StateHandler = (frame: Frame, name: string, state: State, input: unknown) => Promise<Step>;

export const handlers: Record<State["Type"], StateHandler> = {
  Task: task,
  Pass: pass,
  Wait: wait,
  Choice: choice,
  Parallel: parallel,
  Map: map,
  Succeed: succeed,
  Fail: fail,
};
