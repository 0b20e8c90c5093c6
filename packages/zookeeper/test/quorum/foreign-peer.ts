import type { Connection, Network } from '@biquorum/platform';
import { PacketStream, packetName, type QuorumPacket, quorumPacketBytes } from '@biquorum/zookeeper-wire';

/** One end of a connection that plays a peer: it says what it is told to say, and remembers what it hears. */
export class ForeignPeer {
  /** Everything that has come. */
  heard: Uint8Array = new Uint8Array(0);
  readonly packets: QuorumPacket[] = [];
  readonly #stream: PacketStream = new PacketStream();
  #connection: Connection | null = null;
  closed = false;

  /** Calls somebody. */
  static async call(network: Network, host: string, port: number): Promise<ForeignPeer> {
    const peer = new ForeignPeer();
    peer.#serve(await network.dial({ host, port, timeoutMs: 1_000 }));
    return peer;
  }

  /** Waits to be called. @returns All who have called. */
  static async wait(network: Network, host: string, port: number): Promise<readonly ForeignPeer[]> {
    const peers: ForeignPeer[] = [];
    await network.listen({ host, port }, (connection) => {
      const peer = new ForeignPeer();
      peer.#serve(connection);
      peers.push(peer);
    });
    return peers;
  }

  say(bytes: Uint8Array): void {
    this.#connection?.write([bytes]);
  }

  send(packet: QuorumPacket): void {
    this.say(quorumPacketBytes(packet));
  }

  /** What it has heard: types and zxids of packets. PINGs, which come by the clock, are left out. */
  names(): string[] {
    return this.packets.filter(({ type }) => packetName(type) !== 'PING').map(nameOf);
  }

  #serve(connection: Connection): void {
    this.#connection = connection;
    connection.start({
      data: (chunk) => {
        const heard = new Uint8Array(this.heard.length + chunk.length);
        heard.set(this.heard);
        heard.set(chunk, this.heard.length);
        this.heard = heard;
        this.#stream.push(chunk);
        try {
          for (let packet = this.#stream.next(); packet !== undefined; packet = this.#stream.next())
            this.packets.push(packet);
        } catch {
          // Votes and snapshots are no packets.
        }
      },
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        this.closed = true;
      },
    });
  }
}

/** Type and zxid of a packet. */
export function nameOf({ type, zxid }: QuorumPacket): string {
  return `${packetName(type)} ${zxid < 0 ? zxid : zxid.toString(16)}`;
}
