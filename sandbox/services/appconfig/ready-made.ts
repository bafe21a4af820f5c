import type { World } from "../../world.ts";
import { appConfigState, type Strategy } from "./state.ts";

/** An application whose ids are already written in a plan. */
export interface ReadyMade {
  application: { id: string; name: string };
  environments: { id: string; name: string }[];
  profiles: { id: string; name: string; type?: string }[];
  /** Deployment strategies that give everybody the new version at once and do not bake. */
  strategies?: { id: string; name: string }[];
}

/** Makes it, without versions and deployments. */
export function createApplicationWithIds(world: World, given: ReadyMade): void {
  const { applications, strategies } = appConfigState(world);
  const described = { description: undefined };
  applications.set(given.application.id, {
    ...given.application,
    ...described,
    environments: new Map(
      given.environments.map((each) => [each.id, { ...each, ...described, deployments: [] }]),
    ),
    profiles: new Map(
      given.profiles.map(({ type = "AWS.Freeform", ...each }) => [
        each.id,
        { ...each, ...described, type, versions: [] },
      ]),
    ),
  });
  for (const { id, name } of given.strategies ?? []) {
    const made: Strategy = {
      Id: id,
      Name: name,
      DeploymentDurationInMinutes: 0,
      FinalBakeTimeInMinutes: 0,
      GrowthFactor: 100,
      GrowthType: "LINEAR",
      ReplicateTo: "NONE",
    };
    strategies.set(id, made);
  }
}
