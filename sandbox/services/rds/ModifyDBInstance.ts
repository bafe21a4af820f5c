import type { ModifyDBInstanceCommandInput, ModifyDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { certificateFor } from "../../engines/ca.ts";
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
const RENAMING = 30_000;

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
      // The old name goes away at once; the new one answers when the server is up again under a certificate of that name.
      const nowhere = `${instance.resourceId}.renaming`;
      renameHost(world, endpointName(world, instance.id), nowhere);
      await instance.cluster.stop();
      await world.clock.sleep(RENAMING);
      const name = endpointName(world, newId);
      const { certPem, keyPem, caFile } = await certificateFor(world, [
        name,
        instance.cluster.options.address,
      ]);
      Object.assign(instance.cluster.options, { certPem, keyPem });
      instance.caFile = caFile;
      instance.cluster.configure();
      await instance.cluster.start();
      renameHost(world, nowhere, name);
      instances.delete(instance.id);
      instance.id = newId;
      instances.set(newId, instance);
      await applySecurityGroups(world, instance);
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
