/** Keys that need a look, each looked at once however often it was touched in between. */
export class Queue {
  readonly #due = new Set<string>();
  readonly #look: (key: string) => void;
  readonly #failed: (error: unknown) => void;
  #armed = false;
  #stopped = false;

  constructor(look: (key: string) => void, failed: (error: unknown) => void) {
    this.#look = look;
    this.#failed = failed;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#due.add(key);
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      const keys = [...this.#due];
      this.#due.clear();
      for (const each of keys) {
        if (this.#stopped) return;
        try {
          this.#look(each);
        } catch (error) {
          this.#failed(error);
        }
      }
    });
  }

  stop(): void {
    this.#stopped = true;
  }
}
