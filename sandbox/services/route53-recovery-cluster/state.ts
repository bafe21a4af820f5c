import type { RoutingControlState } from "@aws-sdk/client-route53-recovery-cluster";
import { type Call, ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** One switch of a control panel. */
export interface RoutingControl {
  arn: string;
  name: string;
  state: RoutingControlState;
  panel: ControlPanel;
}

/** Of the controls of its panel, at least so many must be on: an assertion rule of type ATLEAST. */
export interface ControlPanel {
  arn: string;
  name: string;
  leastOn: number;
}

export const routingControls = stateOf(() => new Map<string, RoutingControl>());

const panelArn = (world: World, id: string) =>
  world.arn("route53-recovery-control", `controlpanel/${id}`, { region: "" });

/** ARN of a routing control, by the ids that a plan has it with. */
export const routingControlArn = (world: World, panel: string, id: string) =>
  `${panelArn(world, panel)}/routingcontrol/${id}`;

/**
 * Makes a control panel with its routing controls, by ids that a plan already has. All are off, as new ones are.
 * `leastOn`: a safety rule, so many of them must stay on; none unless given.
 */
export function makeControlPanel(
  world: World,
  given: { id: string; name: string; controls: { id: string; name: string }[]; leastOn?: number },
): void {
  const panel = { arn: panelArn(world, given.id), name: given.name, leastOn: given.leastOn ?? 0 };
  for (const { id, name } of given.controls) {
    const arn = routingControlArn(world, given.id, id);
    routingControls(world).set(arn, { arn, name, state: "Off", panel });
  }
}

export function routingControlOf(world: World, arn: string | undefined): RoutingControl {
  const found = routingControls(world).get(arn ?? "");
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Routing control ${arn ?? ""} does not exist.`, {
      members: { resourceId: arn ?? "", resourceType: "routingControl" },
    });
  return found;
}

/** What a change of states must be allowed. */
export const mayUpdate =
  <Input>(action: string, of: (input: Input) => { arns: (string | undefined)[]; override: boolean }) =>
  (input: Input, _: Call) => {
    const { arns, override } = of(input);
    return arns.map((arn) => ({
      action: `route53-recovery-cluster:${action}`,
      resources: [arn ?? "*"],
      context: { "route53-recovery-cluster:AllowSafetyRulesOverrides": String(override) },
    }));
  };

/** Sets all of them or none: a safety rule that would not hold afterwards refuses the whole change. */
export function setStates(
  world: World,
  wanted: { arn: string | undefined; state: RoutingControlState | undefined }[],
): void {
  const next = new Map(
    wanted.map(({ arn, state }) => {
      if (state !== "On" && state !== "Off")
        throw new ServiceException("ValidationException", `"${state ?? ""}" is no routing control state.`, {
          members: { reason: "FIELD_VALIDATION_FAILED", fields: [] },
        });
      return [routingControlOf(world, arn), state] as const;
    }),
  );
  for (const { panel } of next.keys()) {
    const own = [...routingControls(world).values()].filter((each) => each.panel === panel);
    const on = own.filter((each) => (next.get(each) ?? each.state) === "On").length;
    if (on < panel.leastOn)
      throw new ServiceException(
        "ConflictException",
        `The change does not fulfil the safety rule of control panel ${panel.name}: at least ${panel.leastOn} routing control(s) must be On, and ${on} would be.`,
        { members: { resourceId: panel.arn, resourceType: "safetyRule" } },
      );
  }
  for (const [control, state] of next) control.state = state;
}
