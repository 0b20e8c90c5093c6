import type { NodeId, RequestId, Transport, TransportEvents } from '@biquorum/consensus';
import type { Address, Network, Telemetry, Timers } from '@biquorum/platform';
import { BytesError } from '@biquorum/std';
import type { Decision, LearnerMessage, Notification, Transaction, ZabMessage } from '@biquorum/zab';
import { type EnsembleServer, PacketType, quorumPacketBytes } from '@biquorum/zookeeper-wire';
import { ElectionConnections } from './election-connections.ts';
import type { LearnerItem } from './learner-link.ts';
import { LearnerLinks } from './learner-links.ts';
import { fromPacket, toPackets } from './packets.ts';
import { voteFromBytes, voteToBytes } from './votes.ts';

/** ZAB's channel of votes. */
export const ELECTION = 'election';
/** ZAB's channel between a leader and its learners. */
export const LEARNER = 'learner';

/** What an {@link EnsembleTransport} is made from. */
export interface EnsembleTransportOptions {
  readonly ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry };
  /** `myid`. */
  readonly id: NodeId;
  /** All servers of the ensemble, this one among them. */
  readonly servers: readonly EnsembleServer[];
  /** `quorumListenOnAllIPs`: listen everywhere, not only at the address that the others are told. */
  readonly listenOnAllAddresses: boolean;
  /** `zookeeper.cnxTimeout`: a connection is made within this time. By default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Whether this server leads, and so has an ear for learners. */
  listens(): boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;
const ALL_ADDRESSES = '0.0.0.0';

/**
 * ZAB's messages in Java's bytes: votes on the election port, packets and snapshots on the quorum port. A Java peer
 * cannot tell it from its like.
 */
export class EnsembleTransport implements Transport<ZabMessage> {
  readonly #options: EnsembleTransportOptions;
  readonly #election: ElectionConnections;
  readonly #learners: LearnerLinks;
  /** Where in the snapshot that arrives the next piece stands, by who sends it. */
  readonly #snapshotPositions: Map<NodeId, number> = new Map();
  #events: TransportEvents<ZabMessage> | null = null;
  /** What was sent last, if others may be sent the same. */
  #encoded: { readonly message: LearnerMessage; readonly bytes: Uint8Array } | null = null;

  constructor(options: EnsembleTransportOptions) {
    this.#options = options;
    const { ports, id, servers, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
    const places = (port: 'quorumPort' | 'electionPort'): Map<NodeId, readonly Address[]> =>
      new Map(
        servers.map((server) => [server.id, server.addresses.map((one) => ({ host: one.host, port: one[port] }))]),
      );
    const addresses = (places('electionPort').get(id) ?? []).map(({ host, port }) =>
      host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    );
    this.#election = new ElectionConnections({ ports, id, addresses, peers: places('electionPort'), connectTimeoutMs });
    this.#learners = new LearnerLinks({ ports, id, peers: places('quorumPort'), dialMs: connectTimeoutMs });
  }

  /** Binds both ports. @throws NetworkError as a rejection. */
  async listen(): Promise<void> {
    const own = this.#options.servers.find(({ id }) => id === this.#options.id)?.addresses[0];
    if (own === undefined) return;
    const host = this.#options.listenOnAllAddresses ? ALL_ADDRESSES : own.host;
    await this.#election.listen(host, own.electionPort);
    await this.#learners.listen(host, own.quorumPort);
  }

  start(events: TransportEvents<ZabMessage>): void {
    this.#events = events;
    this.#election.start({
      vote: (from, bytes) => this.#voted(from, bytes),
      link: (peer, up) => events.link(ELECTION, peer, up),
    });
    this.#learners.start({
      item: (peer, item) => this.#arrived(peer, item),
      link: (peer, up) => {
        this.#snapshotPositions.delete(peer);
        events.link(LEARNER, peer, up);
      },
      listens: () => this.#options.listens(),
    });
  }

  send(channel: string, to: NodeId, message: ZabMessage, _request: RequestId): void {
    if (channel === ELECTION) this.#election.send(to, voteToBytes(message as Notification));
    else this.#sendLearner(to, message as LearnerMessage);
  }

  dial(_channel: string, to: NodeId): void {
    this.#snapshotPositions.delete(to);
    this.#learners.dial(to);
  }

  hangUp(_channel: string, to: NodeId): void {
    this.#snapshotPositions.delete(to);
    this.#learners.hangUp(to);
  }

  whenRoom(_channel: string, to: NodeId, run: () => void): void {
    this.#learners.whenRoom(to, run);
  }

  /** The configuration tells where servers are; addresses are looked up anew at every call. */
  learn(): void {}

  async close(): Promise<void> {
    await Promise.all([this.#election.close(), this.#learners.close()]);
  }

  #sendLearner(to: NodeId, message: LearnerMessage): void {
    if (message.type === 'snapshotChunk') {
      this.#learners.sendSnapshot(to, message.bytes, message.last);
      return;
    }
    if (message.type === 'application') {
      this.#learners.send(to, message.payload);
      return;
    }
    if (message.type === 'proposal' || message.type === 'commit') {
      this.#learners.send(to, this.#encodedOnce(message));
      return;
    }
    const leads = !this.#learners.hasDialled(to);
    for (const packet of toPackets(message, leads)) this.#learners.send(to, quorumPacketBytes(packet));
  }

  /** What goes to several learners, one after the other, is the same message and the same bytes. */
  #encodedOnce(message: Decision | Transaction): Uint8Array {
    if (this.#encoded?.message !== message) {
      const data = message.type === 'proposal' ? message.payload : null;
      const type = message.type === 'proposal' ? PacketType.PROPOSAL : PacketType.COMMIT;
      this.#encoded = { message, bytes: quorumPacketBytes({ type, zxid: message.zxid, data, authinfo: null }) };
    }
    return this.#encoded.bytes;
  }

  #voted(from: NodeId, bytes: Uint8Array): void {
    let vote: Notification;
    try {
      vote = voteFromBytes(bytes);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      // As Java does: what cannot be read is passed over.
      this.#options.ports.telemetry.log('debug', 'a vote cannot be read', { from, error });
      return;
    }
    // Without room it is lost; a newer one follows.
    this.#events?.message(ELECTION, from, 0, vote);
  }

  #arrived(peer: NodeId, item: LearnerItem): boolean {
    let message: LearnerMessage;
    try {
      message = this.#messageOf(peer, item);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      this.#options.ports.telemetry.log('warn', 'a packet cannot be read; the link is ended', { peer, error });
      this.#learners.hangUp(peer, 'what it sends cannot be read');
      this.#events?.link(LEARNER, peer, false);
      return true;
    }
    const taken = this.#events?.message(LEARNER, peer, 0, message) ?? true;
    if (taken && message.type === 'snapshotChunk') {
      if (message.last) this.#snapshotPositions.delete(peer);
      else this.#snapshotPositions.set(peer, message.position + message.bytes.length);
    }
    return taken;
  }

  #messageOf(peer: NodeId, item: LearnerItem): LearnerMessage {
    switch (item.kind) {
      case 'packet':
        return fromPacket(item.packet);
      case 'application':
        return { type: 'application', payload: item.bytes };
      case 'snapshot':
        return this.#chunk(peer, item);
    }
  }

  #chunk(peer: NodeId, { bytes, last }: Extract<LearnerItem, { kind: 'snapshot' }>): LearnerMessage {
    return { type: 'snapshotChunk', position: this.#snapshotPositions.get(peer) ?? 0, bytes, last };
  }
}
