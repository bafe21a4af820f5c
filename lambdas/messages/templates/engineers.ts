import type { Template } from "./template.ts";

/** Engineers get everything that is known; the files beside this folder lay it out. */
export const everything: Template = { subject: "{{ headline }}", text: "{{ details }}" };
