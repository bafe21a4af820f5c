import type { Replays } from "./session.ts";
import { secret } from "./session.ts";

/** Staging labels: put, moved, looked at. */
export const labels: Replays = {
  test_put_secret_value_with_version_stages: async () => {
    const one = secret();
    const answers: Record<string, unknown> = {
      create_secret_rs_0: await one.create({ SecretString: "secret_string_v0" }),
      get_secret_value_res_0: await one.value(),
    };
    const stages = [
      ["SAMPLESTAGE1", "SAMPLESTAGE0"],
      ["SAMPLESTAGE1", "SAMPLESTAGE0"],
      ["AWSPENDING"],
      undefined,
    ];
    for (const [index, each] of stages.entries()) {
      answers[`put_secret_value_res_${index + 1}`] = await one.put(`secret_string_v${index + 1}`, each);
      answers[`get_secret_value_res_${index + 1}`] = await one.value();
    }
    return { ...answers, delete_secret_res_1: await one.remove() };
  },
  test_update_secret_version_stages_return_type: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    return {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      update_secret_version_stage_res_0: await one.move("AWSPENDING", put.VersionId, created.VersionId),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_previous: async () => {
    const one = secret();
    return {
      create_secret_rs_0: await one.create({ SecretString: "S1" }),
      list_secret_version_ids_res_0: await one.versions(),
      update_secret_res_0: await one.update({ SecretString: "S2" }),
      list_secret_version_ids_res_1: await one.versions(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    return {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      put_secret_value_res_1: await one.put("S3"),
      list_secret_version_ids_res_2: await one.versions(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING"]);
    const answers = {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      get_secret_value_res_0: await one.value(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      get_secret_value_res_1: await one.value(),
    };
    const third = await one.put("S3", ["AWSPENDING"]);
    return {
      ...answers,
      put_secret_value_res_1: third,
      list_secret_version_ids_res_2: await one.versions(),
      get_secret_value_res_2: await one.value(),
      put_secret_value_res_2: await one.move("AWSCURRENT", put.VersionId, third.VersionId),
      list_secret_version_ids_res_3: await one.versions(),
      get_secret_value_res_3: await one.value(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_1: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "S1" });
    const put = await one.put("S2", ["AWSPENDING", "AWSSOMETHING", "PUT1"]);
    const answers = {
      create_secret_rs_0: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_res_0: await one.versions(),
      get_secret_value_res_0: await one.value(),
      update_secret_version_stage_res_0: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      list_secret_version_ids_res_1: await one.versions(),
      get_secret_value_res_1: await one.value(),
    };
    const third = await one.put("S3", ["AWSPENDING", "PUT2"]);
    return {
      ...answers,
      put_secret_value_res_1: third,
      list_secret_version_ids_res_2: await one.versions(),
      get_secret_value_res_2: await one.value(),
      update_secret_version_stage_res_1: await one.move("AWSCURRENT", put.VersionId, third.VersionId),
      list_secret_version_ids_res_3: await one.versions(),
      get_secret_value_res_3: await one.value(),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_2: async () => {
    const one = secret();
    const answers: Record<string, unknown> = {
      create_secret_rs_0: await one.create({ SecretString: "SS" }),
    };
    const versions = [await one.put("S1", ["AWSCURRENT", "PUT0"])];
    answers["put_secret_value_res_0"] = versions[0];
    answers["list_secret_version_ids_res_0"] = await one.versions();
    for (const round of [0, 1]) {
      const put = await one.put(`S${round + 2}`, ["AWSPENDING", `PUT${round + 1}`]);
      answers[`put_secret_value_res_${round + 1}`] = put;
      answers[`list_secret_version_ids_res_${2 * round + 1}`] = await one.versions();
      answers[`get_secret_value_res_${2 * round}`] = await one.value();
      answers[`update_secret_version_stage_res_${round}`] = await one.move(
        "AWSCURRENT",
        versions.at(-1)!.VersionId,
        put.VersionId,
      );
      answers[`list_secret_version_ids_res_${2 * round + 2}`] = await one.versions();
      answers[`get_secret_value_res_${2 * round + 1}`] = await one.value();
      versions.push(put);
    }
    return { ...answers, delete_secret_res_0: await one.remove() };
  },
  test_update_secret_version_stages_current_pending_cycle_custom_stages_3: async () => {
    const one = secret();
    const created = await one.create({ SecretString: "SS" });
    const put = await one.put("S1", ["PENDING"]);
    const [first, second] = [{ VersionId: created.VersionId }, { VersionId: put.VersionId }];
    return {
      create_secret_rs: created,
      put_secret_value_res_0: put,
      list_secret_version_ids_rs: await one.versions(),
      get_secret_value_v1_rs: await one.value(first),
      get_secret_value_v2_rs: await one.value(second),
      update_secret_version_stage_res_1: await one.move("AWSCURRENT", created.VersionId, put.VersionId),
      get_secret_value_v1_rs_1: await one.value(first),
      get_secret_value_v2_rs_1: await one.value(second),
      update_secret_version_stage_res_2: await one.move("PENDING", put.VersionId),
      get_secret_value_v1_rs_2: await one.value(first),
      get_secret_value_v2_rs_2: await one.value(second),
      delete_secret_res_0: await one.remove(),
    };
  },
  test_non_versioning_version_stages_replacement: () => customStages(["one", "two", "three", "four"]),
  test_non_versioning_version_stages_no_replacement: () => customStages(["one", "two", "four"]),
  test_deprecated_secret_version_stage: async () => {
    const one = secret();
    return {
      create_secret: await one.create({ SecretString: "original", Description: "My secret" }),
      list_secret_version_ids: await one.versions(),
      put_secret_value_1: await one.put("update1"),
      list_secret_version_ids_1: await one.versions(),
      put_secret_value_2: await one.put("update2"),
      list_secret_version_ids_2: await one.versions(),
      list_secret_version_ids_3: await one.versions(true),
      put_secret_value_3: await one.put("update3"),
      list_secret_version_ids_4: await one.versions(),
      list_secret_version_ids_5: await one.versions(true),
    };
  },
};

async function customStages(second: string[]) {
  const one = secret();
  return {
    create_secret_rs_0: await one.create({ SecretString: "S1" }),
    put_secret_value_res_0: await one.put("S2", ["one", "two", "three"]),
    list_secret_version_ids_res_0: await one.versions(),
    put_secret_value_res_1: await one.put("S3", second),
    list_secret_version_ids_res_1: await one.versions(),
    delete_secret_res_0: await one.remove(),
  };
}
