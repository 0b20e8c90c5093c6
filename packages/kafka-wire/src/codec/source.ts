/** JavaScript being put together: statements, names that are not taken yet, and values it refers to. */
export class Source {
  /** What the code refers to as `constants[n]`. */
  readonly constants: unknown[] = [];
  readonly #lines: string[] = [];
  #names = 0;

  /** Appends statements. */
  add(...lines: string[]): void {
    this.#lines.push(...lines);
  }

  /** A name that nothing else has; `hint` only helps whoever reads the code. */
  name(hint: string): string {
    this.#names += 1;
    return `${hint}_${this.#names}`;
  }

  /** An expression for a value that cannot be written as a literal. */
  constant(value: unknown): string {
    let index = this.constants.indexOf(value);
    if (index < 0) index = this.constants.push(value) - 1;
    return `constants_${index}`;
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}

/** A value as an expression: a literal where there is one. */
export function expressionOf(source: Source, value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return source.constant(value);
}
