import type * as z from "zod";
import type { ssmCommand } from "./spec.ts";

export type Input = z.output<typeof ssmCommand.input>;
export type Before = z.output<typeof ssmCommand.before>;
export type HostBefore = Before["hosts"][number];
