import { Liquid } from "liquidjs";

/** Milliseconds, characters and allocations that one template may take: a plan's template must not hold up a rollback. */
const LIMITS = { renderLimit: 500, parseLimit: 20_000, memoryLimit: 1_000_000 };

/** Liquid with unknown variables and filters as errors, and without any way to a file. */
export const liquid = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  templates: {},
  ...LIMITS,
});
for (const tag of ["include", "render", "layout", "block"]) delete liquid.tags[tag];

/** Fills a template in. Throws liquidjs's own error, which names line and column. */
export const fill = (template: string, variables: object): string =>
  liquid.parseAndRenderSync(template, variables) as string;
