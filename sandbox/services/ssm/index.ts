import type { Service } from "../../service.ts";
import { DeleteParameter } from "./DeleteParameter.ts";
import { GetParameter } from "./GetParameter.ts";
import { GetParameterHistory } from "./GetParameterHistory.ts";
import { PutParameter } from "./PutParameter.ts";

/** AWS Systems Manager: the Parameter Store. */
export const ssm: Service = {
  name: "ssm",
  client: () => import("@aws-sdk/client-ssm"),
  operations: { DeleteParameter, GetParameter, GetParameterHistory, PutParameter },
};
