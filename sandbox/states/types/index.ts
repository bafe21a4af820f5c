import type { State } from "../asl.ts";
import type { StateHandler } from "../frame.ts";
import { choice } from "./choice.ts";
import { fail } from "./fail.ts";
import { map } from "./map.ts";
import { parallel } from "./parallel.ts";
import { pass } from "./pass.ts";
import { succeed } from "./succeed.ts";
import { task } from "./task.ts";
import { wait } from "./wait.ts";

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
