import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const start: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: going back to the last good version",
    text: `A problem was found in {{ service }}, and it is being put back to how it was before{% if version %} version {{ version }}{% endif %}.

Found: {% if because %}{{ because }}{% else %}{{ reason }}{% endif %}
Begun: {{ started_at }}

What will change:
{% for change in changes %}- {{ change.summary }}
{% endfor %}
Nothing is deleted. You get a message when it is done, or if a person has to take over.
Run {{ run }}
`,
  },
  users: {
    subject: "{{ service }}: we are repairing a problem",
    text: `{{ service }} has a problem since a recent change, and we are taking that change back now.

Some requests may fail for a few minutes. You do not have to do anything. We write again when it is repaired.
`,
  },
};
