import type { ModifyDBInstanceCommandInput, ModifyDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { renameHost } from "../../engines/hosts.ts";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { instanceAnswer } from "./answers.ts";
import { groupArns } from "./arns.ts";
import { setMasterPassword } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { applySecurityGroups } from "./security-groups.ts";
import { settingsFrom } from "./settings.ts";
import { availableInstance, endpointName, type Instance, instanceArn, rdsState } from "./state.ts";

/** Sandbox milliseconds that a modification takes. */
const MODIFYING = 15_000;
/** A rename reboots the instance; the new name answers after some minutes. */
const RENAMING = 60_000;

async function modify(
  world: World,
  instance: Instance,
  input: ModifyDBInstanceCommandInput,
  newId: string | undefined,
): Promise<void> {
  try {
    if (input.MasterUserPassword) await setMasterPassword(instance, input.MasterUserPassword);
    if (input.VpcSecurityGroupIds) await applySecurityGroups(world, instance);
    if (newId !== undefined && newId !== instance.id && input.ApplyImmediately) {
      const { instances } = rdsState(world);
      instance.status = "renaming";
      await world.clock.sleep(RENAMING);
      renameHost(world, endpointName(world, instance.id), endpointName(world, newId));
      instances.delete(instance.id);
      instance.id = newId;
      instances.set(newId, instance);
    } else await world.clock.sleep(MODIFYING);
    instance.status = "available";
  } catch (error) {
    instance.status = "available";
    world.log("rds", `${instance.id} was not modified as asked: ${(error as Error).message}`);
  }
}

/** Changes settings; a rename moves the endpoint. */
export const ModifyDBInstance = operation<
  ModifyDBInstanceCommandInput,
  Omit<ModifyDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:ModifyDBInstance",
      resources: [
        instanceArn(world, input.DBInstanceIdentifier ?? "*"),
        ...(input.NewDBInstanceIdentifier ? [instanceArn(world, input.NewDBInstanceIdentifier)] : []),
        ...groupArns(world, input),
      ],
    },
  ],
  run: async (input, { world }) => {
    const instance = availableInstance(world, input.DBInstanceIdentifier);
    const { CloudwatchLogsExportConfiguration: exports } = input;
    const logs = exports
      ? {
          EnableCloudwatchLogsExports: [
            ...new Set([
              ...(instance.settings.EnabledCloudwatchLogsExports ?? []),
              ...(exports.EnableLogTypes ?? []),
            ]),
          ].filter((type) => !exports.DisableLogTypes?.includes(type)),
        }
      : {};
    const newId =
      input.NewDBInstanceIdentifier === undefined
        ? undefined
        : instanceIdentifier(input.NewDBInstanceIdentifier, "NewDBInstanceIdentifier");
    if (newId !== undefined && newId !== instance.id && rdsState(world).instances.has(newId))
      throw new ServiceException("DBInstanceAlreadyExistsFault", "DB instance already exists");
    instance.settings = settingsFrom(world, instance.settings, { ...input, ...logs });
    if (newId !== undefined && !input.ApplyImmediately) {
      instance.settings.PendingModifiedValues = {
        ...instance.settings.PendingModifiedValues,
        DBInstanceIdentifier: newId,
      };
    }
    instance.status = "modifying";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    instance.busy = modify(world, instance, input, newId);
    return answer;
  },
});
