import type { ActionSpec } from "../runtime/spec.ts";
import { alarmAdjust } from "./alarm-adjust/spec.ts";
import { albWeights } from "./alb-weights/spec.ts";
import { appconfigConfig } from "./appconfig-config/spec.ts";
import { appconfigFlag } from "./appconfig-flag/spec.ts";
import { arcRegionSwitch } from "./arc-region-switch/spec.ts";
import { argoAbort } from "./argo-abort/spec.ts";
import { auroraPitr } from "./aurora-pitr/spec.ts";
import { auroraSnapshot } from "./aurora-snapshot/spec.ts";
import { autoscalingSuspend } from "./autoscaling-suspend/spec.ts";
import { cloudfrontInvalidation } from "./cloudfront-invalidation/spec.ts";
import { codebuildRun } from "./codebuild-run/spec.ts";
import { deploymentsFreeze } from "./deployments-freeze/spec.ts";
import { dnsFailover } from "./dns-failover/spec.ts";
import { ecrQuarantine } from "./ecr-quarantine/spec.ts";
import { ecsService } from "./ecs-service/spec.ts";
import { httpRequest } from "./http-request/spec.ts";
import { k8sBlueGreen } from "./k8s-blue-green/spec.ts";
import { k8sCanary } from "./k8s-canary/spec.ts";
import { k8sConfigmap } from "./k8s-configmap/spec.ts";
import { k8sHpa } from "./k8s-hpa/spec.ts";
import { k8sPause } from "./k8s-pause/spec.ts";
import { k8sRestart } from "./k8s-restart/spec.ts";
import { k8sRollout } from "./k8s-rollout/spec.ts";
import { k8sScale } from "./k8s-scale/spec.ts";
import { k8sSecret } from "./k8s-secret/spec.ts";
import { lambdaAlias } from "./lambda-alias/spec.ts";
import { pgDump } from "./pg-dump/spec.ts";
import { pgRestore } from "./pg-restore/spec.ts";
import { rdsFence } from "./rds-fence/spec.ts";
import { rdsLastGood } from "./rds-last-good/spec.ts";
import { rdsPitr } from "./rds-pitr/spec.ts";
import { rdsRenameSwap } from "./rds-rename-swap/spec.ts";
import { rdsSnapshot } from "./rds-snapshot/spec.ts";
import { reconcile } from "./reconcile/spec.ts";
import { s3ObjectVersion } from "./s3-object-version/spec.ts";
import { secretVersion } from "./secret-version/spec.ts";
import { sqlFix } from "./sql-fix/spec.ts";
import { sqlMigration } from "./sql-migration/spec.ts";
import { ssmCommand } from "./ssm-command/spec.ts";
import { ssmParameter } from "./ssm-parameter/spec.ts";
import { updateManifest } from "./update-manifest/spec.ts";

const all = [
  rdsSnapshot,
  rdsFence,
  rdsPitr,
  auroraSnapshot,
  auroraPitr,
  secretVersion,
  dnsFailover,
  alarmAdjust,
  ssmCommand,
  s3ObjectVersion,
  updateManifest,
  cloudfrontInvalidation,
  ssmParameter,
  pgDump,
  pgRestore,
  rdsLastGood,
  rdsRenameSwap,
  reconcile,
  sqlFix,
  sqlMigration,
  appconfigFlag,
  appconfigConfig,
  httpRequest,
  k8sRollout,
  k8sPause,
  k8sScale,
  k8sConfigmap,
  k8sHpa,
  k8sRestart,
  k8sBlueGreen,
  k8sCanary,
  argoAbort,
  k8sSecret,
  lambdaAlias,
  ecsService,
  albWeights,
  autoscalingSuspend,
  ecrQuarantine,
  deploymentsFreeze,
  codebuildRun,
  arcRegionSwitch,
] as unknown as ActionSpec[];

/** Every kind of action, by its folder's name. */
export const actions: Record<string, ActionSpec> = Object.fromEntries(all.map((spec) => [spec.kind, spec]));
