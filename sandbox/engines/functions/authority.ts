import { stateOf, type World } from "../../world.ts";
import { certificateFor } from "../ca.ts";

/** What a function sets NODE_EXTRA_CA_CERTS to, to trust Amazon's authorities; here it means the sandbox's own. */
export const LAMBDA_CA_PATH = "/var/runtime/ca-cert.pem";

const files = stateOf((world) => certificateFor(world, ["localhost"]).then(({ caFile }) => caFile));

/** The file with the certificate of this world's authority. */
export function caFileOf(world: World): Promise<string> {
  return files(world);
}
