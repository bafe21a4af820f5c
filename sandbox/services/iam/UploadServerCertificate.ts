import type {
  UploadServerCertificateCommandInput,
  UploadServerCertificateResponse,
} from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { randomId, stateOf } from "../../world.ts";

/** Certificates for load balancers, by ARN. The private key is never given back. */
export const serverCertificates = stateOf(() => new Map<string, { body: string; privateKey: string }>());

/** Keeps a certificate and its key, PEM both, for HTTPS listeners. */
export const UploadServerCertificate = operation<
  UploadServerCertificateCommandInput,
  UploadServerCertificateResponse
>({
  authorize: (input, { world }) => [
    {
      action: "iam:UploadServerCertificate",
      resources: [
        world.arn("iam", `server-certificate${input.Path ?? "/"}${input.ServerCertificateName}`, {
          region: "",
        }),
      ],
    },
  ],
  run: (input, { world }) => {
    const name = input.ServerCertificateName ?? "";
    const path = input.Path ?? "/";
    const Arn = world.arn("iam", `server-certificate${path}${name}`, { region: "" });
    if (serverCertificates(world).has(Arn))
      throw new ServiceException(
        "EntityAlreadyExistsException",
        `The Server Certificate with name ${name} already exists.`,
      );
    serverCertificates(world).set(Arn, {
      body: `${input.CertificateBody}\n${input.CertificateChain ?? ""}`,
      privateKey: input.PrivateKey ?? "",
    });
    return {
      ServerCertificateMetadata: {
        Path: path,
        ServerCertificateName: name,
        ServerCertificateId: `ASCA${randomId(17)}`,
        Arn,
        UploadDate: new Date(world.clock.now()),
      },
    };
  },
});
