import { compilePattern } from "../events/pattern/index.ts";
import type { Message } from "./message.ts";
import type { Subscription } from "./state.ts";

/** Whether a message passes a subscription's filter policy; without one, everything does. */
export function passes({ attributes }: Subscription, message: Message): boolean {
  const policy = attributes.get("FilterPolicy");
  if (policy === undefined || Object.keys(JSON.parse(policy)).length === 0) return true;
  const matches = compilePattern(policy, "sns");
  if (attributes.get("FilterPolicyScope") !== "MessageBody") return matches(values(message));
  try {
    const body: unknown = JSON.parse(message.bodies["default"]!);
    return typeof body === "object" && body !== null && matches(body);
  } catch {
    return false; // a body that is no JSON matches no filter on it
  }
}

/** Attributes as a pattern sees them: numbers, texts, and lists for `String.Array`; binary ones it does not see. */
function values({ attributes }: Message): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, { DataType }]) => !DataType?.startsWith("Binary"))
      .map(([name, { DataType, StringValue = "" }]) => {
        if (DataType?.startsWith("Number")) return [name, Number(StringValue)];
        return [name, DataType === "String.Array" ? listIn(StringValue) : StringValue];
      }),
  );
}

function listIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // SNS takes a broken list for the text it is
  }
}
