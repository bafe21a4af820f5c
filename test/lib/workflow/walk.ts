import type { Machine, State } from "../../../lib/workflow/asl.ts";

/** A state with the machine (or branch) it belongs to. */
export interface Visited {
  name: string;
  state: State;
  machine: Machine;
}

/** Every state, those of branches included. */
export function allStates(machine: Machine): Visited[] {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    { name, state, machine },
    ...(state.Type === "Parallel" ? state.Branches.flatMap(allStates) : []),
  ]);
}

/** Where a state can lead without an error being caught. */
function successors(state: State): string[] {
  if (state.Type === "Choice") return [...state.Choices.map((rule) => rule.Next), state.Default];
  if (state.Type === "Succeed" || state.Type === "Fail") return [];
  return state.Next === undefined ? [] : [state.Next];
}

export function catchers(state: State): string[] {
  return state.Type === "Task" || state.Type === "Parallel"
    ? (state.Catch ?? []).map((each) => each.Next)
    : [];
}

/** States of one machine that can follow `from`, itself included, errors or not. */
export function reachable(machine: Machine, from: string): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const state = machine.States[name];
    if (!state) throw new Error(`a state leads to "${name}", which does not exist`);
    open.push(...successors(state), ...catchers(state));
  }
  return found;
}

/** Names of the states at which a path that begins in `from` can end, and how. */
export function ends(machine: Machine, from: string): { name: string; type: string }[] {
  return [...reachable(machine, from)]
    .map((name) => ({ name, state: machine.States[name]! }))
    .filter(({ state }) => successors(state).length === 0)
    .map(({ name, state }) => ({ name, type: state.Type }));
}

/** Every `{% %}` text in a value. */
export function expressions(value: unknown): string[] {
  if (typeof value === "string")
    return value.startsWith("{%") && value.endsWith("%}") ? [value.slice(2, -2).trim()] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(expressions);
}
