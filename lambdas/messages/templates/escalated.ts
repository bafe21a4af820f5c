import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const escalated: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: nobody has taken over yet ({{ waited_minutes }} min)",
    text: `{{ service }} needs a person: {{ cause }}. For {{ waited_minutes }} minutes nobody has said that they are on it.

{% if failure %}Last error: {{ failure }}
{% endif %}Whoever takes over says so with:
  {{ acknowledge }}

Rung {{ rung }} of {{ rungs }}. Run {{ run }}, begun {{ started_at }}
`,
  },
  users: {
    subject: "{{ service }}: we are still working on the problem",
    text: `The problem with {{ service }} is not solved yet. More of our engineers have been called.
`,
  },
};
