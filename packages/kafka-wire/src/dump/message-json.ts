import { encodeBase64 } from '@biquorum/std';
import { isDefault } from '../codec/defaults.ts';
import type { MessageCodec } from '../codec/message-codec.ts';
import { type Field, type Primitive, presenceOf, resolveSchema, type Struct } from '../schema/schema.ts';

/** What can stand in JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

type Fields = Readonly<Record<string, unknown>>;

/**
 * A message as it stands in a version, in the form of JSON that Apache's tools give it: fields in the order of the
 * schema, tagged ones only if they hold more than their default, bytes as base64, ids as Kafka writes them. Integers
 * that a number cannot hold become text.
 *
 * Source: the `JsonConverter` classes that Java's message generator makes.
 *
 * @param bytesOf What stands for a field of bytes, by its name; undefined for base64.
 */
export function messageJson<Message>(
  codec: MessageCodec<Message>,
  message: Message,
  version: number,
  bytesOf: (field: string, bytes: Uint8Array) => JsonValue | undefined = () => undefined,
): JsonValue {
  const { root } = resolveSchema(codec.table);
  return structJson(root, message as Fields, { version, bytesOf });
}

interface Context {
  readonly version: number;
  readonly bytesOf: (field: string, bytes: Uint8Array) => JsonValue | undefined;
}

function structJson(struct: Struct, value: Fields, context: Context): JsonValue {
  const entries = struct.fields.flatMap((field): [string, JsonValue][] => {
    const presence = presenceOf(field, context.version);
    const content = value[field.name];
    if (presence === 'absent' || (presence === 'tagged' && isDefault(field, content))) return [];
    return [[field.name, fieldJson(field, content, context)]];
  });
  return Object.fromEntries(entries);
}

function fieldJson(field: Field, value: unknown, context: Context): JsonValue {
  if (value === null || value === undefined) return null;
  const elementJson = (element: unknown): JsonValue =>
    typeof field.type === 'string'
      ? scalarJson(field.type, field.name, element, context)
      : structJson(field.type, element as Fields, context);
  return field.isArray ? Array.from(value as ArrayLike<unknown>, elementJson) : elementJson(value);
}

function scalarJson(type: Primitive, name: string, value: unknown, { bytesOf }: Context): JsonValue {
  switch (type) {
    case 'bytes':
    case 'records':
      return bytesOf(name, value as Uint8Array) ?? encodeBase64(value as Uint8Array);
    case 'int64': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    default:
      return value as JsonValue;
  }
}
