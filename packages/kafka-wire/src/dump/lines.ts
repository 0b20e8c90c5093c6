const INDENT = '  ';

/** Text that is built line by line, each as deep as it stands, up to a number of lines. */
export class Lines {
  readonly #max: number;
  readonly #lines: string[] = [];
  #depth = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether no more lines are taken: what is to come need not be worked out. */
  get isFull(): boolean {
    return this.#lines.length >= this.#max;
  }

  add(text: string): void {
    if (!this.isFull) this.#lines.push(INDENT.repeat(this.#depth) + text);
  }

  /** Adds a line, and one level deeper what the callback adds. */
  under(text: string, more: () => void): void {
    this.add(text);
    if (this.isFull) return;
    this.#depth++;
    more();
    this.#depth--;
  }

  /** The lines, each with its end; the last one tells if there would be more. */
  toString(): string {
    const end = this.isFull ? '… and more\n' : '';
    return this.#lines.map((line) => `${line}\n`).join('') + end;
  }
}
