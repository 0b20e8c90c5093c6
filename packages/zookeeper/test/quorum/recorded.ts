import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PacketStream, type QuorumPacket } from '@biquorum/zookeeper-wire';

interface Link {
  readonly toLeader: string;
  readonly toLearner: string;
}

/** What servers of Apache ZooKeeper 3.9.5 said to each other, in hexadecimal. */
export const recorded: {
  readonly follower: Link;
  readonly newcomer: Link;
  readonly election: { readonly toServer1: string; readonly toServer3: string; readonly leaderToServer3: string };
} = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '..', '..', '..', 'zookeeper-wire', 'test', 'fixtures', 'ensemble-3.9.5.json'),
    'utf8',
  ),
);

/** The bytes of a text in hexadecimal. */
export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

/** Bytes as a text in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The packets of a recorded stream without snapshots. */
export function packetsOf(text: string): QuorumPacket[] {
  const stream = new PacketStream();
  stream.push(fromHex(text));
  const packets: QuorumPacket[] = [];
  for (let packet = stream.next(); packet !== undefined; packet = stream.next()) packets.push(packet);
  return packets;
}
