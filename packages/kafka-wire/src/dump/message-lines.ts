import { isDefault } from '../codec/defaults.ts';
import type { MessageCodec } from '../codec/message-codec.ts';
import type { UnknownTag } from '../codec/unknown-tag.ts';
import { type Field, presenceOf, resolveSchema, type Struct } from '../schema/schema.ts';
import type { Lines } from './lines.ts';
import type { Limits } from './options.ts';
import { errorCodeText, hex, quoted } from './scalar.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Adds what a field of records holds. */
export type AddRecords = (lines: Lines, bytes: Uint8Array, limits: Limits) => void;

/**
 * Adds the fields that a message has in a version; tagged ones only if they hold more than their default.
 *
 * @param addRecords may be left out for messages without records, such as those that are in records themselves.
 */
export function addMessage(
  lines: Lines,
  codec: MessageCodec<unknown>,
  message: unknown,
  version: number,
  limits: Limits,
  addRecords: AddRecords = () => {},
): void {
  const { root } = resolveSchema(codec.table);
  new MessageLines(lines, version, limits, addRecords).addStruct(root, message as Fields);
}

class MessageLines {
  readonly #lines: Lines;
  readonly #version: number;
  readonly #limits: Limits;
  readonly #addRecords: AddRecords;

  constructor(lines: Lines, version: number, limits: Limits, addRecords: AddRecords) {
    this.#lines = lines;
    this.#version = version;
    this.#limits = limits;
    this.#addRecords = addRecords;
  }

  addStruct(struct: Struct, value: Fields): void {
    for (const field of struct.fields) {
      if (this.#lines.isFull) return;
      const presence = presenceOf(field, this.#version);
      if (presence === 'absent') continue;
      const content = value[field.name];
      if (presence === 'tagged' && isDefault(field, content)) continue;
      this.#addField(field, content);
    }
    for (const { tag, data } of (value['unknownTags'] ?? []) as readonly UnknownTag[]) {
      this.#lines.add(`unknown tag ${tag}: ${hex(data, this.#limits.bytesMax)}`);
    }
  }

  #addField(field: Field, value: unknown): void {
    const { name, type } = field;
    const lines = this.#lines;
    if (value === null || value === undefined) lines.add(`${name}: null`);
    else if (field.isArray) this.#addArray(field, value as readonly unknown[]);
    else if (typeof type !== 'string') lines.under(`${name}:`, () => this.addStruct(type, value as Fields));
    else if (type === 'records' && value instanceof Uint8Array) {
      lines.under(`${name}: ${value.length} bytes`, () => this.#addRecords(lines, value, this.#limits));
    } else lines.add(`${name}: ${scalar(name, value, this.#limits)}`);
  }

  #addArray({ name, type }: Field, elements: readonly unknown[]): void {
    const lines = this.#lines;
    const shown = elements.slice(0, this.#limits.elementsMax);
    const more = elements.length > shown.length ? [`… ${elements.length - shown.length} more`] : [];
    if (typeof type === 'string') {
      const texts = shown.map((element) => scalar(name, element, this.#limits));
      lines.add(`${name}: [${[...texts, ...more].join(', ')}]`);
      return;
    }
    lines.under(`${name}: ${elements.length}`, () => {
      for (const [index, element] of shown.entries()) {
        if (lines.isFull) return;
        lines.under(`[${index}]`, () => this.addStruct(type, element as Fields));
      }
      for (const text of more) lines.add(text);
    });
  }
}

function scalar(name: string, value: unknown, limits: Limits): string {
  if (typeof value === 'string') return quoted(value, limits.bytesMax);
  if (value instanceof Uint8Array) return hex(value, limits.bytesMax);
  if (typeof value === 'number' && /errorCode$/i.test(name)) return errorCodeText(value);
  if (typeof value === 'object') return `${(value as { readonly byteLength: number }).byteLength} bytes, not in memory`;
  return String(value);
}
