import type { RecordCursor } from '@biquorum/kafka-wire';
import type { JsonValue } from '@biquorum/kafka-wire/dump';
import { UsageError } from '../command.ts';

/** What key and value of a record mean; what is left out is not there. */
export type ContentDecoder = (record: RecordCursor) => Content;

/** Key and value, as they are shown. */
export interface Content {
  readonly key?: JsonValue;
  readonly payload?: JsonValue;
}

/** Bytes as they are shown. */
type BytesDecoder = (bytes: Uint8Array) => JsonValue;

const decoder = new TextDecoder();

/** Decoders by the names of Java's classes (`org.apache.kafka.tools.api`). */
const DECODERS: Readonly<Record<string, BytesDecoder>> = {
  StringDecoder: (bytes) => decoder.decode(bytes),
  IntegerDecoder: (bytes) => (bytes.length < 4 ? tooShort(bytes, 4) : viewOf(bytes).getInt32(0)),
  LongDecoder: (bytes) => {
    if (bytes.length < 8) return tooShort(bytes, 8);
    const value = viewOf(bytes).getBigInt64(0);
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  },
  DefaultDecoder: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'),
};

/** What stands before the names in calls that were made for Java. */
const PACKAGES = /^(?:org\.apache\.kafka\.tools\.api|kafka\.serializer)\./;

/** @throws UsageError when there is no such decoder */
export function plainDecoder(keyClass: string | undefined, valueClass: string | undefined): ContentDecoder {
  const key = decoderNamed('--key-decoder-class', keyClass);
  const value = decoderNamed('--value-decoder-class', valueClass);
  return (record) => {
    const [keyBytes, valueBytes] = [record.key(), record.value()];
    return {
      ...(keyBytes === null ? {} : { key: key(keyBytes) }),
      ...(valueBytes === null ? {} : { payload: value(valueBytes) }),
    };
  };
}

function decoderNamed(flag: string, name: string = 'StringDecoder'): BytesDecoder {
  const found = DECODERS[name.replace(PACKAGES, '')];
  if (found !== undefined) return found;
  throw new UsageError(
    `${flag} ${name} cannot be loaded: classes of Java are not run here. There are ${Object.keys(DECODERS).join(', ')}.`,
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function tooShort(bytes: Uint8Array, wanted: number): string {
  return `(${bytes.length} bytes, ${wanted} are needed)`;
}
