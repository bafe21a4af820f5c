import type { Service } from "../../service.ts";
import { CancelCommand } from "./CancelCommand.ts";
import { CreateDocument } from "./CreateDocument.ts";
import { DeleteDocument } from "./DeleteDocument.ts";
import { DeleteParameter } from "./DeleteParameter.ts";
import { DescribeDocument } from "./DescribeDocument.ts";
import { DescribeInstanceInformation } from "./DescribeInstanceInformation.ts";
import { GetCommandInvocation } from "./GetCommandInvocation.ts";
import { GetParameter } from "./GetParameter.ts";
import { GetParameterHistory } from "./GetParameterHistory.ts";
import { LabelParameterVersion } from "./LabelParameterVersion.ts";
import { ListCommandInvocations } from "./ListCommandInvocations.ts";
import { PutParameter } from "./PutParameter.ts";
import { SendCommand } from "./SendCommand.ts";

/** AWS Systems Manager: the Parameter Store, and Run Command on the sandbox's hosts. */
export const ssm: Service = {
  name: "ssm",
  client: () => import("@aws-sdk/client-ssm"),
  operations: {
    CancelCommand,
    CreateDocument,
    DeleteDocument,
    DeleteParameter,
    DescribeDocument,
    DescribeInstanceInformation,
    GetCommandInvocation,
    GetParameter,
    GetParameterHistory,
    LabelParameterVersion,
    ListCommandInvocations,
    PutParameter,
    SendCommand,
  },
};
