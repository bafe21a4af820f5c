/** An abort controller that also aborts when `outer` does; `release` unhooks it again. */
export function linkedAbort(outer: AbortSignal): { controller: AbortController; release(): void } {
  const controller = new AbortController();
  const follow = () => controller.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener("abort", follow, { once: true });
  return { controller, release: () => outer.removeEventListener("abort", follow) };
}
