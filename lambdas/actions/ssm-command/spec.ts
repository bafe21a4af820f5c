import * as z from "zod";
import { type ArnBuilder, allow, defineAction, type Resource } from "../../runtime/spec.ts";

/** An absolute path of plain characters: what the documents' own patterns let through. */
const Path = z
  .string()
  .max(200)
  .regex(
    /^(\/\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/,
    "an absolute path of letters, digits, dots, hyphens and underscores",
  );
const Unit = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@._-]{0,99}$/, "the name of a unit or compose service");
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256: 64 hexadecimal digits");
const Commit = z.string().regex(/^[0-9a-f]{40}$/, "a commit: 40 hexadecimal digits");

const file = {
  path: Path.describe("the file that goes back"),
  from: Path.optional().describe("the copy that it goes back to; `<path>.backup` unless given"),
  sha256: Sha256.optional().describe("what the copy must be; any other is refused"),
};
const service = {
  unit: Unit.optional().describe("systemd unit that is restarted"),
  compose: z
    .strictObject({
      folder: Path.describe("folder of the compose file"),
      service: Unit.describe("service that is made anew"),
    })
    .optional()
    .describe("compose service instead of a unit"),
};

const Image = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._/-]{0,99}:[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, "an image's name and tag");
const ImageId = z.string().regex(/^sha256:[0-9a-f]{64}$/, "an image's id");

const WHAT = ["nginx", "environment", "code", "image"] as const;

/**
 * T4, T5, T8, T9. Each host is a managed node of Systems Manager; only the vetted documents of lib/documents run there.
 * What is replaced stays on the host, beside what replaced it.
 */
export const ssmCommand = defineAction({
  kind: "ssm-command",
  summary:
    "Put files, nginx's configuration and certificates, a service's code or image on hosts back to what they were",
  input: z
    .strictObject({
      hosts: z
        .array(z.string().regex(/^m?i-[0-9a-f]{8,17}$/, "the id of an instance or managed node"))
        .min(1)
        .max(10)
        .describe("instances or managed nodes, side by side"),
      nginx: z
        .strictObject({
          files: z
            .array(z.strictObject(file))
            .min(1)
            .max(10)
            .describe("sites, certificates, keys: all or none"),
          unit: Unit.default("nginx").describe("unit that is reloaded when `nginx -t` has passed"),
        })
        .optional()
        .describe("nginx's configuration and certificates"),
      environment: z
        .strictObject({ ...file, ...service })
        .optional()
        .describe("a service's environment file"),
      code: z
        .strictObject({
          folder: Path.describe("the working copy"),
          to: z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "a branch, tag or commit, or last-good")
            .default("last-good")
            .describe(
              "tag or commit; `last-good`: the version whose watch completed, tagged with or without a v",
            ),
          install: z
            .enum(["none", "npm-ci"])
            .default("none")
            .describe("how dependencies are installed exactly"),
          ...service,
        })
        .optional()
        .describe("a service's code"),
      image: z
        .strictObject({
          name: Image.describe("name and tag that the compose file runs"),
          to: Image.describe("name and tag of the image to go back to; it must be on the host"),
          compose: z
            .strictObject({
              folder: Path.describe("folder of the compose file"),
              service: Unit.describe("service that is made anew"),
            })
            .describe("compose service that runs it"),
        })
        .optional()
        .describe("a compose service's image"),
    })
    .refine((input) => WHAT.filter((what) => input[what]).length === 1, {
      error: `exactly one of ${WHAT.join(", ")}`,
    })
    .refine(
      ({ environment, code }) => [environment, code].every((each) => !each || !each.unit !== !each.compose),
      {
        error: "either unit or compose",
      },
    ),
  before: z.strictObject({
    hosts: z.array(
      z.strictObject({
        host: z.string(),
        files: z
          .array(z.strictObject({ path: Path, from: Path, before: Sha256, after: Sha256 }))
          .describe("what is there and what will be, never content"),
        commit: z.strictObject({ before: Commit, after: Commit, branch: z.string() }).optional(),
        image: z.strictObject({ before: ImageId, after: ImageId }).optional(),
      }),
    ),
  }),
  outputs: z.strictObject({ hosts: z.array(z.string()).describe("hosts that are back") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 5 },
  documents: (input) => documentsOf(input).flatMap(({ read, write }) => [read, write]),
  permissions: (input, arn) => {
    const hosts = input.hosts.map((id) => hostArn(id, arn));
    const named = documentsOf(input);
    // What asks for a command's state knows no resources.
    const ask = allow("ssm:GetCommandInvocation", "*");
    return {
      read: [
        allow("ssm:DescribeInstanceInformation", "*"),
        allow(
          "ssm:DescribeDocument",
          named.map(({ write }) => arn.document(write)),
        ),
        allow("ssm:SendCommand", [...named.map(({ read }) => arn.document(read)), ...hosts]),
        ask,
      ],
      write: [allow("ssm:SendCommand", [...named.map(({ write }) => arn.document(write)), ...hosts]), ask],
    };
  },
  touches: (input) =>
    input.hosts.flatMap((host): Resource[] => [
      ...[...(input.nginx?.files ?? []), ...(input.environment ? [input.environment] : [])].map(
        ({ path }) => ({
          type: "host-file",
          id: `${host}:${path}`,
        }),
      ),
      ...(input.code ? [{ type: "host-service", id: `${host}:${input.code.folder}` }] : []),
      ...(input.image ? [{ type: "host-image", id: `${host}:${input.image.name}` }] : []),
    ]),
  clients: ["@aws-sdk/client-ssm", "@aws-sdk/client-dynamodb"],
  runbooks: ["T4", "T5", "T8", "T9"],
  docs: [
    "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html",
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html",
  ],
});

const FILES = { read: "files-read", write: "files-write" };
const CODE = { read: "code-read", write: "code-write" };
const IMAGE = { read: "image-read", write: "image-write" };

/** The documents that an input needs: one that only reads, and one that changes. */
function documentsOf(given: { nginx?: unknown; environment?: unknown; code?: unknown; image?: unknown }) {
  return [
    ...(given.nginx || given.environment ? [FILES] : []),
    ...(given.code ? [CODE] : []),
    ...(given.image ? [IMAGE] : []),
  ];
}

const hostArn = (id: string, arn: ArnBuilder) =>
  id.startsWith("mi-") ? arn.of("ssm", `managed-instance/${id}`) : arn.of("ec2", `instance/${id}`);
