/** A route of a virtual service, as far as weights are concerned. */
export interface Route {
  route?: { destination?: { subset?: string }; weight?: number }[];
}

/** Routes in which the stable subset has everything and the canary nothing; others stay as they are. Pure. */
export function allToStable(routes: Route[], stable: string, canary: string): Route[] {
  return routes.map((each) => {
    const subsets = (each.route ?? []).map(({ destination }) => destination?.subset);
    if (!subsets.includes(stable) || !subsets.includes(canary)) return each;
    return {
      ...each,
      route: each.route!.map((to) => ({ ...to, weight: to.destination?.subset === stable ? 100 : 0 })),
    };
  });
}

/** The most that a subset gets in any route, percent. Pure. */
export const weightOf = (routes: Route[], subset: string): number =>
  Math.max(
    0,
    ...routes.flatMap(({ route = [] }) =>
      route.flatMap(({ destination, weight = 0 }) => (destination?.subset === subset ? [weight] : [])),
    ),
  );
