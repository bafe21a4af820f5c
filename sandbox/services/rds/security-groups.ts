import type { World } from "../../world.ts";
import { ec2State, securityGroupAdmits } from "../ec2/state.ts";
import type { Instance } from "./state.ts";

/**
 * Lets sessions in or keeps them out as the instance's groups say. A group this sandbox does not know admits. As on
 * AWS, sessions that are open stay open: connection tracking keeps them.
 */
export async function applySecurityGroups(world: World, instance: Instance): Promise<void> {
  const groups = (instance.settings.VpcSecurityGroups ?? []).flatMap(
    ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
  );
  const admitted =
    groups.length === 0 ||
    groups.some(
      (group) => !ec2State(world).groups.has(group) || securityGroupAdmits(world, group, instance.port),
    );
  instance.cluster.admit(admitted);
  await instance.cluster.query("SELECT pg_reload_conf()");
}
