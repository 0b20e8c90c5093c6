import type { RecordHeader } from '@biquorum/kafka-wire';
import type { NewRecord } from '../client/producer.ts';
import { CommandFault, UsageError } from '../command.ts';

/** What the reader of lines can be told, as Apache's `LineMessageReader` has it. */
export const READER_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['parse.key', 'false'],
  ['key.separator', '\t'],
  ['parse.headers', 'false'],
  ['headers.delimiter', '\t'],
  ['headers.separator', ','],
  ['headers.key.separator', ':'],
  ['null.marker', ''],
  ['ignore.error', 'false'],
]);

/** Makes records out of lines: `headers⇥key⇥value`, of which headers and key are read only when that is wanted. */
export class LineReader {
  readonly #parseKey: boolean;
  readonly #parseHeaders: boolean;
  readonly #ignoreError: boolean;
  readonly #keySeparator: string;
  readonly #headersDelimiter: string;
  readonly #headersSeparator: string;
  readonly #headersKeySeparator: string;
  readonly #nullMarker: string | undefined;
  #number = 0;

  /** @throws UsageError for a property that it does not know */
  constructor(properties: ReadonlyMap<string, string>) {
    for (const key of properties.keys()) {
      if (READER_PROPERTIES.has(key)) continue;
      throw new UsageError(`--property ${key} is none of ${[...READER_PROPERTIES.keys()].join(', ')}.`);
    }
    const get = (key: string): string => properties.get(key) ?? READER_PROPERTIES.get(key) ?? '';
    this.#parseKey = get('parse.key').toLowerCase() === 'true';
    this.#parseHeaders = get('parse.headers').toLowerCase() === 'true';
    this.#ignoreError = get('ignore.error').toLowerCase() === 'true';
    this.#keySeparator = get('key.separator');
    this.#headersDelimiter = get('headers.delimiter');
    this.#headersSeparator = get('headers.separator');
    this.#headersKeySeparator = get('headers.key.separator');
    this.#nullMarker = properties.get('null.marker');
    for (const key of ['key.separator', 'headers.delimiter', 'headers.separator', 'headers.key.separator']) {
      if (get(key) === '') throw new UsageError(`--property ${key}= is empty: nothing would tell parts apart.`);
    }
  }

  /** The record of the next line. @throws CommandFault that names the line, when it lacks a part */
  read(line: Uint8Array): NewRecord {
    this.#number++;
    if (!this.#parseKey && !this.#parseHeaders && this.#nullMarker === undefined) {
      return { key: null, value: line, headers: [] };
    }
    // Bytes that are no UTF-8 stay what they are.
    const text = Buffer.from(line).toString('latin1');
    let rest = text;
    const take = (separator: string, what: string): string | undefined => {
      const at = rest.indexOf(Buffer.from(separator).toString('latin1'));
      if (at === -1) {
        if (this.#ignoreError) return undefined;
        const shown = new TextDecoder().decode(line);
        throw new CommandFault(
          `No ${what} separator found on line number ${this.#number}: '${shown}'. With --property ignore.error=true such lines are values.`,
        );
      }
      const part = rest.slice(0, at);
      rest = rest.slice(at + Buffer.byteLength(separator));
      return part;
    };
    const headers = this.#parseHeaders ? take(this.#headersDelimiter, 'headers') : undefined;
    const key = this.#parseKey ? take(this.#keySeparator, 'key') : undefined;
    return {
      key: key === undefined ? null : this.#bytes(key),
      value: this.#bytes(rest),
      headers: headers === undefined || headers === '' || this.#isNull(headers) ? [] : this.#headers(headers),
    };
  }

  #headers(text: string): readonly RecordHeader[] {
    return text.split(Buffer.from(this.#headersSeparator).toString('latin1')).map((part) => {
      const separator = Buffer.from(this.#headersKeySeparator).toString('latin1');
      const at = part.indexOf(separator);
      if (at !== -1) {
        const key = Buffer.from(part.slice(0, at), 'latin1').toString();
        return { key, value: this.#bytes(part.slice(at + separator.length)) };
      }
      if (this.#ignoreError) return { key: Buffer.from(part, 'latin1').toString(), value: null };
      throw new CommandFault(
        `No header key separator found in pair '${part}' on line number ${this.#number}. With --property ignore.error=true such headers have no value.`,
      );
    });
  }

  #bytes(latin1: string): Uint8Array | null {
    return this.#isNull(latin1) ? null : new Uint8Array(Buffer.from(latin1, 'latin1'));
  }

  #isNull(latin1: string): boolean {
    return this.#nullMarker !== undefined && latin1 === Buffer.from(this.#nullMarker).toString('latin1');
  }
}
