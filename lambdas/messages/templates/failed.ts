import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const failed: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: the rollback did not succeed, engineers are called",
    text: `Putting {{ service }} back did not succeed. Automation has stopped, and engineers are called.

Stopped at: {{ failed_at }}
Why: {{ failure }}
{% if reverts.size > 0 %}
Undone:
{% for revert in reverts %}- {{ revert.step }}: {% if revert.reverted %}undone{% else %}NOT undone{% endif %}, {{ revert.note }}
{% endfor %}{% endif %}
{% if report %}Report: {{ report }}
{% endif %}Run {{ run }}, begun {{ started_at }}
`,
  },
  users: {
    subject: "{{ service }}: the repair takes longer",
    text: `The problem with {{ service }} is not solved yet. Our engineers are working on it. We write again when it is.
`,
  },
};
