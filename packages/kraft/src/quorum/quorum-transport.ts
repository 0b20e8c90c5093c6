import type { NodeId, RequestId, Transport, TransportEvents } from '@biquorum/consensus';
import { PeerChannel, PeerError } from '@biquorum/kafka-network';
import { decodeResponseHeader, EncodeError, encodeRequestHeader, ProtocolError } from '@biquorum/kafka-wire';
import { type Network, NetworkError, type Telemetry, type Timers } from '@biquorum/platform';
import type { RaftMessage, ReplyMessage, RequestMessage } from '@biquorum/raft';
import { assert, ByteReader, BytesError, ByteWriter } from '@biquorum/std';
import { rpcOf } from './rpc/index.ts';
import type { QuorumIdentity } from './rpc/quorum-rpc.ts';
import { endpointOf, parseVoterAddress } from './voter-address.ts';

/** What a transport is made from. */
export interface QuorumTransportOptions {
  readonly ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry };
  readonly identity: QuorumIdentity;
  readonly requestTimeoutMs: number;
  /** A peer that refuses connections, and has not done so before, is reported as gone. */
  readonly detectResets: boolean;
}

/** Why a request of a peer was not served; its connection is to be closed. */
export class QuorumUnavailableError extends Error {
  override readonly name: string = 'QuorumUnavailableError';
}

/** Raft's one channel. */
const CHANNEL = 'raft';
/** Requests to one peer that may be under way; the engine has one of each kind, but for those that it gave up. */
const IN_FLIGHT_MAX = 32;
/** What a response may add to the batches in it. */
const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

/** A node that requests are sent to. */
interface Peer {
  readonly host: string;
  readonly port: number;
  /** A parked fetch must not hold up a vote, and responses come in order: so there are two connections. */
  readonly fetches: PeerChannel;
  readonly others: PeerChannel;
  inFlight: number;
  /**
   * A refusal counts: it has answered since the last one, or has not been asked yet. A node that cannot reach a leader
   * whom the others can must not disturb them again and again.
   */
  refusalCounts: boolean;
}

/** A request that waits for its reply. */
interface Parked {
  readonly message: RequestMessage;
  readonly resolve: (reply: ReplyMessage) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Raft's messages as Apache's RPCs, over connections that are made when they are needed. Whatever goes wrong with one is
 * reported as a link that is down: the engine then knows that what it asked there will not be answered.
 */
export class QuorumTransport implements Transport<RaftMessage> {
  readonly #options: QuorumTransportOptions;
  readonly #peers: Map<NodeId, Peer> = new Map();
  readonly #parked: Set<Parked> = new Set();
  #events: TransportEvents<RaftMessage> | null = null;
  #closed = false;

  constructor(options: QuorumTransportOptions) {
    this.#options = options;
  }

  start(events: TransportEvents<RaftMessage>): void {
    this.#events = events;
  }

  learn(id: NodeId, address: string): void {
    const { nodeId, listenerName } = this.#options.identity;
    const endpoint = endpointOf(parseVoterAddress(address), listenerName);
    if (this.#closed || id === nodeId || endpoint === undefined) return;
    const { host, port } = endpoint;
    const known = this.#peers.get(id);
    if (known?.host === host && known.port === port) return;
    known?.fetches.close();
    known?.others.close();
    const open = (): PeerChannel => {
      const { ports, requestTimeoutMs } = this.#options;
      const patience = { connectTimeoutMs: requestTimeoutMs, requestTimeoutMs, responseBytesMax: RESPONSE_BYTES_MAX };
      return new PeerChannel(ports, { host, port }, patience);
    };
    this.#peers.set(id, { host, port, fetches: open(), others: open(), inFlight: 0, refusalCounts: true });
  }

  /** Where a node is, as far as anybody has said. */
  endpointOf(id: NodeId): { readonly host: string; readonly port: number } | undefined {
    const peer = this.#peers.get(id);
    return peer === undefined ? undefined : { host: peer.host, port: peer.port };
  }

  send(_channel: string, to: NodeId, message: RaftMessage, request: RequestId): void {
    if (this.#closed) return;
    const peer = this.#peers.get(to);
    if (peer === undefined) {
      this.#options.ports.timers.soon(() => this.#down(to));
      return;
    }
    if (peer.inFlight >= IN_FLIGHT_MAX) return;
    peer.inFlight++;
    this.#exchange(peer, to, message as RequestMessage).then(
      (reply) => {
        peer.inFlight--;
        if (this.#closed) return;
        peer.refusalCounts = true;
        if (reply === null) this.#down(to);
        else this.#events?.message(CHANNEL, to, request, reply);
      },
      (error: unknown) => {
        peer.inFlight--;
        if (this.#closed) return;
        if (!isExpected(error)) throw error;
        this.#options.ports.telemetry.log('debug', 'request within the quorum failed', {
          to,
          request: message.type,
          error: error instanceof Error ? error : String(error),
        });
        // A channel that was replaced says nothing of the one that replaced it.
        if (this.#peers.get(to) === peer) this.#down(to, this.#isGone(peer, error));
      },
    );
  }

  /**
   * Gives a peer's request to the engine.
   *
   * @throws QuorumUnavailableError (as a rejection) there is no room, or the node stops.
   */
  serve(from: NodeId, message: RequestMessage): Promise<ReplyMessage> {
    return new Promise((resolve, reject) => {
      const events = this.#events;
      const parked: Parked = { message, resolve, reject };
      this.#parked.add(parked);
      const taken =
        !this.#closed &&
        events !== null &&
        events.request(CHANNEL, from, message, (reply) => {
          if (this.#parked.delete(parked)) resolve(reply as ReplyMessage);
        });
      if (taken) return;
      this.#parked.delete(parked);
      reject(new QuorumUnavailableError('the quorum takes no requests now'));
    });
  }

  /** Answers fetches that a leader has parked and, leading no longer, will not answer. */
  releaseFetches(reply: (message: Extract<RequestMessage, { type: 'fetch' }>) => ReplyMessage): void {
    for (const parked of this.#parked) {
      if (parked.message.type !== 'fetch') continue;
      this.#parked.delete(parked);
      parked.resolve(reply(parked.message));
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const { fetches, others } of this.#peers.values()) {
      fetches.close();
      others.close();
    }
    this.#peers.clear();
    for (const { reject } of this.#parked) reject(new QuorumUnavailableError('the quorum is closed'));
    this.#parked.clear();
    return Promise.resolve();
  }

  async #exchange(peer: Peer, to: NodeId, message: RequestMessage): Promise<ReplyMessage | null> {
    const rpc = rpcOf(message);
    assert(rpc !== undefined, () => `message ${message.type} is no request`);
    const { identity, ports } = this.#options;
    const body = rpc.encodeRequest(message, identity);
    const channel = message.type === 'fetch' || message.type === 'fetchSnapshot' ? peer.fetches : peer.others;
    const frame = await channel.request((correlationId) => {
      const header = new ByteWriter({ initialBytes: 64 });
      encodeRequestHeader(header, {
        requestApiKey: rpc.apiKey,
        requestApiVersion: rpc.version,
        correlationId,
        clientId: `raft-client-${identity.nodeId}`,
      });
      return [header.finish(), body];
    });
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, rpc.apiKey, rpc.version);
    const reply = rpc.decodeReply(frame.subarray(reader.offset), message);
    if ('type' in reply) return reply;
    ports.telemetry.log('warn', 'response within the quorum refused', {
      to,
      request: message.type,
      reason: reply.reason,
    });
    return null;
  }

  /** A process that ends resets its connections, and nobody listens on its port then. */
  #isGone(peer: Peer, error: unknown): boolean {
    if (!this.#options.detectResets || !peer.refusalCounts || !isRefusal(error)) return false;
    peer.refusalCounts = false;
    return true;
  }

  #down(peer: NodeId, gone: boolean = false): void {
    if (!this.#closed) this.#events?.link(CHANNEL, peer, false, gone);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof PeerError && error.cause instanceof NetworkError && error.cause.code === 'refused';
}

/** Faults of peers and of the network; anything else is a fault of this program. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof PeerError ||
    error instanceof ProtocolError ||
    error instanceof BytesError ||
    error instanceof EncodeError
  );
}
