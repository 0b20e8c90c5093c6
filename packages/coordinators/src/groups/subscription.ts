import { ProtocolError } from '@biquorum/kafka-wire';
import { consumerProtocolSubscription } from '@biquorum/kafka-wire/consumer-protocol';
import { ByteReader } from '@biquorum/std';

/** The newest version whose fields we need; later ones only append to it (`ConsumerProtocol.deserializeVersion`). */
const VERSION_MAX = consumerProtocolSubscription.highestVersion;

/** The topics of a `consumer` member's subscription, or null when the bytes are none. */
export function topicsOfSubscription(bytes: Uint8Array): readonly string[] | null {
  if (bytes.length < 2) return null;
  const version = new DataView(bytes.buffer, bytes.byteOffset).getInt16(0);
  if (version < 0) return null;
  try {
    return consumerProtocolSubscription.decode(new ByteReader(bytes, 2), Math.min(version, VERSION_MAX)).topics;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
