import { CommandFault, UsageError } from '../command.ts';
import { javaDouble } from '../configs/java-double.ts';

/** Makes of a key, a value or a header what is printed of it. */
export type Deserializer = (bytes: Uint8Array) => Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Deserializers by the names of Java's classes (`org.apache.kafka.common.serialization`). */
const DESERIALIZERS: Readonly<Record<string, Deserializer>> = {
  StringDeserializer: (bytes) => encoder.encode(decoder.decode(bytes)),
  ByteArrayDeserializer: (bytes) => bytes,
  ShortDeserializer: number(2, (view) => String(view.getInt16(0))),
  IntegerDeserializer: number(4, (view) => String(view.getInt32(0))),
  LongDeserializer: number(8, (view) => String(view.getBigInt64(0))),
  DoubleDeserializer: number(8, (view) => javaDouble(view.getFloat64(0))),
  BooleanDeserializer: number(1, (view) => String(view.getUint8(0) === 1)),
  UUIDDeserializer: (bytes) => bytes,
};

const PACKAGE = /^org\.apache\.kafka\.common\.serialization\./;

/** @throws UsageError when there is none of this name */
export function deserializerNamed(what: string, name: string): Deserializer {
  const found = DESERIALIZERS[name.replace(PACKAGE, '')];
  if (found !== undefined) return found;
  throw new UsageError(
    `${what} ${name} cannot be loaded: classes of Java are not run here. There are ${Object.keys(DESERIALIZERS).join(', ')}.`,
  );
}

/** A number of a fixed size. Java refuses other sizes, too. */
function number(size: number, text: (view: DataView) => string): Deserializer {
  return (bytes) => {
    if (bytes.length !== size) {
      throw new CommandFault(
        `a key or value has ${bytes.length} bytes where its deserializer takes ${size}. Name another by --key-deserializer or --value-deserializer.`,
      );
    }
    return encoder.encode(text(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)));
  };
}
