/**
 * Variables as a state sees them: its own machine's (or branch's), and those outside it, which it can read but
 * not set (https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html).
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #own = new Map<string, unknown>();
  #flat: Record<string, unknown> | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  assign(values: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
    this.#flat = undefined;
  }

  /** All visible variables. A branch lives while its outer scope stands still, so the copy may be kept. */
  all(): Record<string, unknown> {
    this.#flat ??= { ...this.#outer?.all(), ...Object.fromEntries(this.#own) };
    return this.#flat;
  }

  own(): Record<string, unknown> {
    return Object.fromEntries(this.#own);
  }
}
