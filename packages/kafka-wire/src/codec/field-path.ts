/** Where an interpreter is in a message: names of fields and indexes of elements, from the message down. */
export class FieldPath {
  readonly #parts: (string | number)[] = [];

  enter(part: string | number): void {
    this.#parts.push(part);
  }

  leave(): void {
    this.#parts.pop();
  }

  /** As text, such as `topics[3].partitions[0].offset`; empty for the message itself. */
  toString(): string {
    return this.#parts
      .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
      .join('');
  }
}
