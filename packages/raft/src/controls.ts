import type { NodeId, Position } from '@biquorum/consensus';
import { ByteReader, BytesError, ByteWriter } from '@biquorum/std';
import { type VoterSet, voterSet } from './voters.ts';

/** What the engine writes into the log for itself. Each takes one index; those of one entry are in one batch. */
export type Control =
  /** The first entry of every epoch: its leader, the voters it knew, and those of them that voted for it. */
  | {
      readonly kind: 'leaderChange';
      readonly leader: NodeId;
      readonly voters: readonly NodeId[];
      readonly granting: readonly NodeId[];
    }
  | { readonly kind: 'voters'; readonly set: VoterSet };

/** How control entries and snapshot contexts look as bytes; `kraft` brings Apache's control batches. */
export interface ControlCodec {
  /** @param at Where the entry will stand. */
  encode(controls: readonly Control[], at: Position): Uint8Array;
  /** @throws BytesError when the bytes are malformed. */
  decode(payload: Uint8Array): readonly Control[];
  /** How many indexes the entry takes: one for each control where this is left out. */
  spanOf?(controls: readonly Control[]): number;
}

/** The codec for logs that nobody else reads. */
export const controlCodec: ControlCodec = {
  encode(controls) {
    const writer = new ByteWriter();
    writer.uvarint(controls.length);
    for (const control of controls) encodeControl(writer, control);
    return writer.finish();
  },

  decode(payload) {
    const reader = new ByteReader(payload);
    const controls: Control[] = [];
    for (let count = boundedCount(reader, 2); count > 0; count--) controls.push(decodeControl(reader));
    return controls;
  },
};

function encodeControl(writer: ByteWriter, control: Control): void {
  switch (control.kind) {
    case 'leaderChange':
      writer.u8(1);
      writer.varint(control.leader);
      writer.uvarint(control.voters.length);
      for (const id of control.voters) writer.varint(id);
      writer.uvarint(control.granting.length);
      for (const id of control.granting) writer.varint(id);
      return;
    case 'voters':
      writer.u8(2);
      writer.uvarint(control.set.voters.length);
      for (const { id, directory, address } of control.set.voters) {
        writer.varint(id);
        encodeText(writer, directory);
        encodeText(writer, address);
      }
  }
}

function decodeControl(reader: ByteReader): Control {
  const at = reader.offset;
  const kind = reader.u8();
  if (kind === 1) {
    const leader = reader.varint();
    const voters: NodeId[] = [];
    for (let count = boundedCount(reader, 1); count > 0; count--) voters.push(reader.varint());
    const granting: NodeId[] = [];
    for (let count = boundedCount(reader, 1); count > 0; count--) granting.push(reader.varint());
    return { kind: 'leaderChange', leader, voters, granting };
  }
  if (kind !== 2) throw new BytesError('out-of-range', at, 1, 1, `control kind ${kind} is not known`);
  const voters = [];
  for (let count = boundedCount(reader, 3); count > 0; count--) {
    voters.push({ id: reader.varint(), directory: decodeText(reader), address: decodeText(reader) });
  }
  if (new Set(voters.map(({ id }) => id)).size !== voters.length || voters.length === 0) {
    throw new BytesError(
      'out-of-range',
      at,
      reader.offset - at,
      reader.offset - at,
      'a voter set repeats an id or is empty',
    );
  }
  return { kind: 'voters', set: voterSet(voters) };
}

/** Text with its length before it. */
export function encodeText(writer: ByteWriter, text: string): void {
  const bytes = new TextEncoder().encode(text);
  writer.uvarint(bytes.length);
  writer.bytesOf(bytes);
}

/** @throws BytesError when the length goes beyond the bytes or the text is not UTF-8. */
export function decodeText(reader: ByteReader): string {
  return reader.utf8(reader.uvarint());
}

/** A count of elements that each take at least `elementBytes`, checked against the bytes that are there. */
export function boundedCount(reader: ByteReader, elementBytes: number): number {
  const at = reader.offset;
  const count = reader.uvarint();
  if (count * elementBytes > reader.remaining) {
    throw new BytesError('underflow', at, count * elementBytes, reader.remaining);
  }
  return count;
}
