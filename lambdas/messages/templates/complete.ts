import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const complete: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: rolled back, verified and stable",
    text: `{{ service }} was put back to how it was before{% if version %} version {{ version }}{% endif %}. Every check passed and held for {{ watch_minutes }} minutes.

Cause: {% if because %}{{ because }}{% else %}{{ reason }}{% endif %}

What was changed:
{% for change in changes %}- {{ change.summary }}
{% endfor %}
Next: find the root cause, and keep {% if version %}version {{ version }}{% else %}the bad version{% endif %} from being deployed again.
{% if report %}Report: {{ report }}
{% endif %}Run {{ run }}, begun {{ started_at }}
`,
  },
  users: {
    subject: "{{ service }}: the problem is solved, service restored",
    text: `The problem with {{ service }} is solved. It has been stable for {{ watch_minutes }} minutes.

If something still does not work for you, please tell us.
`,
  },
};
