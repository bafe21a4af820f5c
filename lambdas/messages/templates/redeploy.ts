import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const redeploy: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ headline }}",
    text: `{{ service }}: version {{ ramp_version }} goes out again in {{ ramp_steps }} steps.
{% if ramp_ending %}
It ended: {{ ramp_ending }}.
{% else %}
It is at step {{ ramp_number }}: {{ ramp_step }}.
{% endif %}
You get a message at each step. Run {{ run }}
`,
  },
  users: {
    subject: "{{ service }}: a new version",
    text: `{{ service }} gets a new version, step by step. Nothing has to be done.
`,
  },
};
