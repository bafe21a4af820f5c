import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const progress: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: restored, being watched",
    text: `{{ service }} was put back and works again.{% if watched_minutes %} It has held for {{ watched_minutes }} of {{ watch_minutes }} minutes.{% endif %}

Measured:
{% for check in checks %}- {{ check.check }}: {{ check.verdict }}{% if check.value %} ({{ check.value }}, must be {{ check.limit }}){% endif %}
{% endfor %}
You get a message when the watch is over. Run {{ run }}
`,
  },
  users: {
    subject: "{{ service }} works again",
    text: `{{ service }} works again. We go on watching it and write once more when we are sure.
`,
  },
};
