import { deepStrictEqual } from 'node:assert';
import { ByteReader } from '@biquorum/std';
import { compileDecoder } from '../../src/codec/compile.ts';
import { FAULT } from '../../src/codec/decode-runtime.ts';
import { interpretDecode } from '../../src/codec/interpret-decode.ts';
import { StringInterner } from '../../src/codec/string-interner.ts';
import { decodeConsumerOffsetsRecord } from '../../src/consumer-offsets.ts';
import { decodeSubscription } from '../../src/consumer-protocol.ts';
import { EncodeError } from '../../src/encode-error.ts';
import { decodeMetadataRecord } from '../../src/metadata-records.ts';
import { ProtocolError } from '../../src/protocol-error.ts';
import { decodeRequestHeader } from '../../src/request-header.ts';
import { readRecordings } from '../recordings/read-recordings.ts';
import { everyVersion, type Versioned } from '../support/every-version.ts';
import { fromHex } from '../support/hex.ts';
import { javaFrame } from '../support/java-frames.ts';
import { recordTargets } from './record-targets.ts';

const MARGIN = 8;

/** A decoder and valid inputs to start from. */
export interface Target {
  readonly title: string;
  readonly corpus: readonly Uint8Array[];
  /** Reads an input. @throws Error when the decoder does anything but read it or refuse it properly. */
  check(bytes: Uint8Array): void;
}

/** A target per message and version, and one per framing around messages. */
export function allTargets(): Target[] {
  const recordings = readRecordings();
  const messages = everyVersion.map((versioned) => {
    const { codec, version } = versioned;
    const own = recordings.get(codec.table.name)?.filter(({ v }) => v === version) ?? [];
    // Long texts and arrays make inputs large, and most changes to them uninteresting.
    return messageTarget(
      versioned,
      own.filter(({ sample }) => sample !== 'greatest').map(({ hex }) => fromHex(hex)),
    );
  });
  return [...messages, ...framings(), ...recordTargets()];
}

function framings(): Target[] {
  const framing = (title: string, read: (bytes: Uint8Array) => unknown, ...frames: string[]): Target => ({
    title,
    corpus: frames.map(javaFrame),
    check: (bytes) => {
      refusedOr(() => read(bytes));
    },
  });
  return [
    framing(
      'request header',
      (bytes) => decodeRequestHeader(new ByteReader(bytes)),
      'request ApiVersions v3',
      'request SaslHandshake v1',
      'request ControlledShutdown v0',
    ),
    framing(
      'metadata record',
      decodeMetadataRecord,
      'metadata-record TopicRecord v0',
      'metadata-record PartitionChangeRecord v1',
    ),
    framing(
      'consumer offsets key',
      (bytes) => decodeConsumerOffsetsRecord(bytes, null),
      'OffsetCommit key v1',
      'ConsumerGroupMemberMetadata key v5',
    ),
    framing('subscription', decodeSubscription, 'subscription v0', 'subscription v3'),
  ];
}

function messageTarget({ title, codec, schema, version }: Versioned, corpus: readonly Uint8Array[]): Target {
  const interner = new StringInterner();
  const compiled = compileDecoder(schema, version);
  return {
    title,
    corpus,
    check(bytes) {
      // With other bytes around, which must not be looked at.
      const whole = new Uint8Array(bytes.length + 2 * MARGIN).fill(1);
      whole.set(bytes, MARGIN);
      const reader = (): ByteReader => new ByteReader(whole, MARGIN, MARGIN + bytes.length);
      const plain = reader();
      const interpreted = refusedOr(() => interpretDecode(schema, plain, version));
      if (interpreted instanceof ProtocolError) {
        if (interpreted.offset > plain.end) throw new Error(`error at byte ${interpreted.offset} of ${plain.end}`);
        // Nothing but this one thing is thrown, and the codec explains it.
        deepStrictEqual(
          thrownBy(() => compiled(reader(), interner)),
          FAULT,
        );
        deepStrictEqual(String(refusedOr(() => codec.decode(reader(), version))), String(interpreted));
        return;
      }
      const fast = reader();
      deepStrictEqual(compiled(fast, interner), interpreted);
      deepStrictEqual(fast.offset, plain.offset);
      checkSize(interpreted, bytes.length);
      checkWrittenBack(interpreted);
    },
  };

  /** What was read can be written, and reads as the same. */
  function checkWrittenBack(value: unknown): void {
    let bytes: Uint8Array;
    try {
      bytes = codec.toBytes(value as object, version);
    } catch (error) {
      // Java would not write these either: tags out of order, and text that grew when malformed bytes were replaced.
      if (error instanceof EncodeError && (error.code === 'invalid-tags' || error.code === 'too-long')) return;
      throw error;
    }
    deepStrictEqual(codec.fromBytes(bytes, version), value);
  }
}

function refusedOr(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function thrownBy(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    return error;
  }
}

/** What was read is made of no more objects than its bytes can account for. */
function checkSize(value: unknown, length: number): void {
  const limit = 2 * length + 16;
  const found = countObjects(value);
  if (found > limit) throw new Error(`${found} objects were made of ${length} bytes`);
}

function countObjects(value: unknown): number {
  // Defaults are frozen and shared.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return 0;
  if (value instanceof Uint8Array) return 1;
  let count = 1;
  for (const part of Object.values(value)) count += countObjects(part);
  return count;
}
