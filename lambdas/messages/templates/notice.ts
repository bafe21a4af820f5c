import { everything } from "./engineers.ts";
import type { Templates } from "./template.ts";

export const notice: Templates = {
  engineers: everything,
  stakeholders: {
    subject: "{{ service }}: looked at, nothing was changed",
    text: `{{ service }} was looked at, and nothing was changed.

{% if because %}{{ because }}{% else %}{{ reason }}{% endif %}
Run {{ run }}
`,
  },
  users: {
    subject: "{{ service }}: nothing was changed",
    text: `{{ service }} was looked at, and nothing was changed.
`,
  },
};
