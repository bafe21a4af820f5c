import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import type { Secret } from "./state.ts";

const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const PRINCIPAL = "secretsmanager.amazonaws.com";

/** The function's policy must let Secrets Manager invoke it. */
export async function mayInvoke(world: World, secret: Secret, FunctionName: string): Promise<void> {
  try {
    await world.call({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName, InvocationType: "DryRun" },
      principal: { type: "service", service: PRINCIPAL, sourceArn: secret.arn },
    });
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error;
    throw new ServiceException(
      "AccessDeniedException",
      "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.",
    );
  }
}

/** Runs the four steps one after the other. A failing one leaves AWSPENDING where it is, as on AWS. */
export function rotate(world: World, secret: Secret, token: string, FunctionName: string): void {
  const steps = async () => {
    for (const Step of STEPS) {
      const answer = await world.call<{ FunctionError?: string; Payload?: Uint8Array }>({
        service: "lambda",
        operation: "Invoke",
        input: {
          FunctionName,
          Payload: Buffer.from(
            JSON.stringify({ Step, SecretId: secret.arn, ClientRequestToken: token, RotationToken: token }),
          ),
        },
        principal: { type: "service", service: PRINCIPAL, sourceArn: secret.arn },
      });
      if (answer.FunctionError) throw new Error(`${Step}: ${Buffer.from(answer.Payload ?? []).toString()}`);
    }
    secret.versions.find(({ id }) => id === token)?.stages.delete("AWSPENDING");
    if (secret.rotation) secret.rotation.rotatedAt = world.clock.now();
    secret.changedAt = world.clock.now();
  };
  steps().catch((error: Error) =>
    world.log("secretsmanager", `rotation of ${secret.name} failed: ${error.message}`),
  );
}
