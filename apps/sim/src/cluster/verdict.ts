import { Violation } from '@biquorum/simulator';

/** Takes what does not hold; the first one is what a run fails with. */
export class Verdict {
  #violation: Violation | null = null;

  /** The first that was found. */
  get violation(): Violation | null {
    return this.#violation;
  }

  /** Notes a property that does not hold. */
  violate(property: string, detail: string): void {
    this.#violation ??= new Violation(property, detail);
  }
}
