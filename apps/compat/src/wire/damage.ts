import { EncodeError, ProtocolError } from '@biquorum/kafka-wire';
import { messageByName } from '@biquorum/kafka-wire/registry';
import type { Prng } from '@biquorum/std';
import type { MessageAnswer } from '../oracle/oracle.ts';

/** Bytes that claim to be a message. */
export interface Claim {
  readonly m: string;
  readonly v: number;
  readonly hex: string;
}

/** Changes a byte or two of each message, several times over. */
export function* damageAll(sound: readonly Claim[], times: number, random: Prng): Generator<Claim> {
  for (const { m, v, hex } of sound) {
    for (let i = 0; i < times && hex !== ''; i++) {
      const bytes = Buffer.from(hex, 'hex');
      for (let left = random.between(1, 2); left > 0; left--) {
        const at = random.below(bytes.length);
        const flipped = (bytes[at] as number) ^ (1 << random.below(8));
        // Lengths, counts and markers take other meanings at these values.
        bytes[at] = random.chance(0.5) ? flipped : random.pick([0, 1, 2, 0x7f, 0x80, 0xff, random.below(256)]);
      }
      yield { m, v, hex: bytes.toString('hex') };
    }
  }
}

/** How Java and we take the same bytes. */
export type Agreement =
  | { readonly kind: 'both-read' | 'both-refuse' }
  /** We refuse an integer that is not exact as a number, and say so; Java's are exact. */
  | { readonly kind: 'unsafe-integer' }
  | { readonly kind: 'disagreement'; readonly detail: string };

/** Compares what Java made of bytes with what we make of them. */
export function compareReading(claim: Claim, java: MessageAnswer): Agreement {
  const ours = readAndWrite(claim);
  if ('error' in java) {
    return 'refused' in ours
      ? { kind: 'both-refuse' }
      : disagreement(claim, `we read it, Java does not: ${java.error}`);
  }
  if ('hex' in ours) {
    if (ours.hex === java.hex) return { kind: 'both-read' };
    return disagreement(claim, `Java writes back ${java.hex}, we ${ours.hex}`);
  }
  if (ours.refused === 'unsafe-integer') return { kind: 'unsafe-integer' };
  return disagreement(claim, `Java reads it, we do not: ${ours.refused}`);
}

/** @throws whatever is not one of our codecs' errors: for peers' bytes they must throw nothing else. */
function readAndWrite({ m, v, hex }: Claim): { readonly hex: string } | { readonly refused: string } {
  const codec = messageByName.get(m);
  if (codec === undefined) throw new Error(`no codec is named ${m}`);
  try {
    const value = codec.fromBytes(new Uint8Array(Buffer.from(hex, 'hex')), v);
    return { hex: Buffer.from(codec.toBytes(value as object, v)).toString('hex') };
  } catch (error) {
    if (error instanceof ProtocolError) return { refused: error.code };
    // Java, too, refuses to write some of what it reads, such as unknown tags out of order.
    if (error instanceof EncodeError) return { refused: `not written back: ${error.message}` };
    throw error;
  }
}

function disagreement({ m, v, hex }: Claim, detail: string): Agreement {
  return { kind: 'disagreement', detail: `${m} v${v} ${hex}: ${detail}` };
}
