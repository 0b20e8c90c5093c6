import type { ReadRecord } from '../client/read-batches.ts';
import { UsageError } from '../command.ts';
import { type Deserializer, deserializerNamed } from './deserializers.ts';

/** What can be said about how records are printed, as Apache's `DefaultMessageFormatter` has it. */
export const FORMATTER_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['print.timestamp', 'false'],
  ['print.partition', 'false'],
  ['print.offset', 'false'],
  ['print.headers', 'false'],
  ['print.key', 'false'],
  ['print.value', 'true'],
  ['key.separator', '\t'],
  ['line.separator', '\n'],
  ['headers.separator', ','],
  ['null.literal', 'null'],
  ['key.deserializer', 'ByteArrayDeserializer'],
  ['value.deserializer', 'ByteArrayDeserializer'],
  ['headers.deserializer', 'ByteArrayDeserializer'],
]);

const encoder = new TextEncoder();

/** Makes a printer of records: what is wanted of each, with separators between and after it. @throws UsageError */
export function formatter(properties: ReadonlyMap<string, string>): (record: ReadRecord) => Uint8Array {
  for (const key of properties.keys()) {
    if (FORMATTER_PROPERTIES.has(key)) continue;
    throw new UsageError(`--property ${key} is none of ${[...FORMATTER_PROPERTIES.keys()].join(', ')}.`);
  }
  const text = (key: string): string => properties.get(key) ?? FORMATTER_PROPERTIES.get(key) ?? '';
  const wants = (key: string): boolean => text(key).toLowerCase() === 'true';
  const bytes = (key: string): Uint8Array => encoder.encode(text(key));
  const [keyText, valueText, headerText] = ['key', 'value', 'headers'].map((part) =>
    deserializerNamed(`${part}.deserializer`, text(`${part}.deserializer`)),
  ) as [Deserializer, Deserializer, Deserializer];
  const [separator, end, headersSeparator, none] = [
    bytes('key.separator'),
    bytes('line.separator'),
    bytes('headers.separator'),
    bytes('null.literal'),
  ] as const;
  const columns: ((record: ReadRecord) => readonly Uint8Array[])[] = [
    ...(wants('print.timestamp') ? [(record: ReadRecord) => [encoder.encode(timestampOf(record))]] : []),
    ...(wants('print.partition') ? [({ partition }: ReadRecord) => [encoder.encode(`Partition:${partition}`)]] : []),
    ...(wants('print.offset') ? [({ offset }: ReadRecord) => [encoder.encode(`Offset:${offset}`)]] : []),
    ...(wants('print.headers')
      ? [
          ({ headers }: ReadRecord) =>
            headers.length === 0
              ? [NO_HEADERS]
              : headers.flatMap(({ key, value }, index) => [
                  ...(index === 0 ? [] : [headersSeparator]),
                  encoder.encode(`${key}:`),
                  value === null ? none : headerText(value),
                ]),
        ]
      : []),
    ...(wants('print.key') ? [({ key }: ReadRecord) => [key === null ? none : keyText(key)]] : []),
    ...(wants('print.value') ? [({ value }: ReadRecord) => [value === null ? none : valueText(value)]] : []),
  ];
  return (record) => {
    const pieces = columns.flatMap((column, index) => [...(index === 0 ? [] : [separator]), ...column(record)]);
    return Buffer.concat([...pieces, end]);
  };
}

/** Formatters by the names of Java's classes; what else they are called in calls of older versions. */
const DEFAULT = /^(?:org\.apache\.kafka\.tools\.consumer\.|kafka\.tools\.)?DefaultMessageFormatter$/;
const NOTHING = /^(?:org\.apache\.kafka\.tools\.consumer\.|kafka\.tools\.)?NoOpMessageFormatter$/;
const NO_BYTES = new Uint8Array(0);

/** @throws UsageError when there is no formatter of that name, or its properties make no sense */
export function formatterNamed(
  name: string,
  properties: ReadonlyMap<string, string>,
): (record: ReadRecord) => Uint8Array {
  if (DEFAULT.test(name)) return formatter(properties);
  if (NOTHING.test(name)) return () => NO_BYTES;
  throw new UsageError(
    `--formatter ${name} cannot be loaded: classes of Java are not run here. There are DefaultMessageFormatter and NoOpMessageFormatter; records of __consumer_offsets and __transaction_state are shown by "biquorum dump-log".`,
  );
}

const NO_HEADERS = encoder.encode('NO_HEADERS');

/** A record as a line of JSON. Bytes are text; where they are no UTF-8, `null` with the bytes as base64 beside them. */
export function jsonLine({
  topic,
  partition,
  offset,
  timestampMs,
  timestampType,
  key,
  value,
  headers,
}: ReadRecord): string {
  return JSON.stringify({
    topic,
    partition,
    offset,
    timestampMs,
    timestampType,
    ...part('key', key),
    ...part('value', value),
    headers: headers.map((header) => ({ key: header.key, ...part('value', header.value) })),
  });
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function part(name: string, bytes: Uint8Array | null): Readonly<Record<string, string | null>> {
  if (bytes === null) return { [name]: null };
  try {
    return { [name]: strict.decode(bytes) };
  } catch {
    return { [name]: null, [`${name}Base64`]: Buffer.from(bytes).toString('base64') };
  }
}

function timestampOf({ timestampMs, timestampType }: ReadRecord): string {
  if (timestampMs < 0) return 'NO_TIMESTAMP';
  return `${timestampType === 'create-time' ? 'CreateTime' : 'LogAppendTime'}:${timestampMs}`;
}
