import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const approval: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: a rollback waits for approval",
    text: `A problem was found in {{ service }}. Taking the last change back needs a person's approval; nothing was changed yet.

Found: {{ because }}

What would change:
{% for change in changes %}- {{ change.summary }}
{% endfor %}
The engineers have been asked. Run {{ run }}
`,
  },
  users: {
    subject: "{{ service }}: we are looking into a problem",
    text: `{{ service }} has a problem, and we are looking into it. We write again when we know more.
`,
  },
};
