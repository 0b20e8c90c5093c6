/** A property that does not hold: what a simulation exists to find. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** The property, in one or two words. */
  readonly property: string;

  constructor(property: string, detail: string) {
    super(`${property}: ${detail}`);
    this.property = property;
  }
}
