import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { planJsonSchemaText } from "./json-schema.ts";

/** Where editors look for the schema: the first line of each plan names it. */
export const SCHEMA_FILE = fileURLToPath(new URL("../../schema/plan.schema.json", import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(SCHEMA_FILE), { recursive: true });
  writeFileSync(SCHEMA_FILE, planJsonSchemaText());
  console.log(`wrote ${SCHEMA_FILE}`);
}
