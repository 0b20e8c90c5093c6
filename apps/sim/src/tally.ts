/** Counts what held and what did not, for the line that closes a run. */
export class Tally {
  #passed = 0;
  #failed = 0;

  /** Counts one check. @returns Whether it held. */
  check(held: boolean): boolean {
    this.add({ passed: held ? 1 : 0, failed: held ? 0 : 1 });
    return held;
  }

  /** Adds what others have counted. */
  add({ passed, failed }: { readonly passed: number; readonly failed: number }): void {
    this.#passed += passed;
    this.#failed += failed;
  }

  get failed(): number {
    return this.#failed;
  }

  /** `N passed, N failed`. */
  toString(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
