import { type Uuid, uuidFromBytes } from '@biquorum/kafka-wire';
import type { Random } from '@biquorum/platform';

/** Ids (0,0) to (0,99) stand for special directories. */
const RESERVED_BELOW = 100;

/**
 * A random uuid of version 4, as Kafka gives to clusters and directories: never one whose text begins with a dash, for
 * that would read as an option, and never one of the reserved ones.
 *
 * Source: Java `Uuid.randomUuid`.
 */
export function randomUuid(random: Random): Uuid {
  const bytes = new Uint8Array(16);
  for (;;) {
    random.fill(bytes);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const id = uuidFromBytes(bytes);
    if (!id.startsWith('-') && !isReserved(bytes)) return id;
  }
}

function isReserved(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 15).every((byte) => byte === 0) && (bytes[15] as number) < RESERVED_BELOW;
}
