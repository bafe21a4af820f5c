import { refusal } from "../../runtime/errors.ts";

export interface ImageChange {
  before: string;
  after: string;
}

/** `image-read` answers lines of two words. Pure. */
export function imageChange(
  host: string,
  { name, to }: { name: string; to: string },
  output: string,
): ImageChange {
  const said = new Map(
    output.split("\n").map((line): [string, string] => line.split(" ", 2) as [string, string]),
  );
  const [before = "", after = ""] = [said.get("image"), said.get("target")];
  for (const [reference, id] of [
    [name, before],
    [to, after],
  ] as const)
    if (!id.startsWith("sha256:"))
      throw refusal(
        `The host ${host} has no image ${reference}. Nothing was changed, and nothing is pulled: name one that \`docker images\` lists there.`,
      );
  return { before, after };
}
