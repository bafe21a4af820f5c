import { cbor, tag } from "@smithy/core/cbor";
import type { Decoded, WireRequest } from "../../front/codec/wire.ts";
import { ServiceException } from "../../service.ts";

const TARGET = /^ArcRegionSwitch\.(\w+)$/;
const PATH = /^\/service\/ArcRegionSwitch\/operation\/(\w+)$/;

/** Every Date as the protocol has it. */
function written(value: unknown, time: (seconds: number) => unknown): unknown {
  if (value instanceof Date) return time(value.getTime() / 1000);
  if (Array.isArray(value)) return value.map((each) => written(each, time));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, written(each, time)]),
  );
}

/** Both protocols that the service speaks: AWS JSON 1.0 and RPC v2 CBOR. It takes no blobs and no times. */
export function decodeRegionSwitch({ path, headers, body }: WireRequest): Decoded {
  const inCbor = headers["smithy-protocol"] === "rpc-v2-cbor";
  const [, operation] = (inCbor ? PATH.exec(path) : TARGET.exec(headers["x-amz-target"] ?? "")) ?? [];
  if (!operation)
    throw new ServiceException("UnknownOperationException", "no operation is named", { status: 404 });
  const [type, input, encoded] = inCbor
    ? [
        { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
        body.length > 0 ? cbor.deserialize(body) : {},
        (output: unknown) =>
          Buffer.from(cbor.serialize(written(output, (seconds) => tag({ tag: 1, value: seconds })))),
      ]
    : [
        { "content-type": "application/x-amz-json-1.0" },
        JSON.parse(body.toString() || "{}"),
        (output: unknown) => Buffer.from(JSON.stringify(written(output, (seconds) => seconds))),
      ];
  return {
    operation,
    input,
    encode: (output) => ({ status: 200, headers: type as Record<string, string>, body: encoded(output) }),
  };
}
