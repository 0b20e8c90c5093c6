import { brokerHeartbeatRequest } from '@biquorum/kafka-wire/messages/broker-heartbeat';
import { fetchRequest } from '@biquorum/kafka-wire/messages/fetch';
import { ByteReader } from '@biquorum/std';
import type { QuorumRequest } from '../quorum/options.ts';

/** Which node speaks on which connection, by what it says of itself in heartbeats and fetches of the metadata log. */
export class BrokerConnections {
  readonly #nodes: Map<number, number> = new Map();
  readonly #onLost: (nodeId: number) => void;

  /** @param onLost told which node a connection belonged to when that is over */
  constructor(onLost: (nodeId: number) => void) {
    this.#onLost = onLost;
  }

  /** A request came over a connection. @throws ProtocolError when it cannot be read */
  heard(connection: number, request: QuorumRequest): void {
    if (this.#nodes.has(connection)) return;
    const nodeId = senderOf(request);
    if (nodeId >= 0) this.#nodes.set(connection, nodeId);
  }

  closed(connection: number): void {
    const nodeId = this.#nodes.get(connection);
    if (nodeId === undefined) return;
    this.#nodes.delete(connection);
    this.#onLost(nodeId);
  }
}

const FETCH_KEY = 1;
const HEARTBEAT_KEY = 63;
/** From then on the replica stands in a field of its own. */
const FETCH_VERSION_WITH_STATE = 15;

/** −1 where a request does not say. */
function senderOf({ apiKey, apiVersion, body }: QuorumRequest): number {
  const reader = new ByteReader(body);
  if (apiKey === HEARTBEAT_KEY) return brokerHeartbeatRequest.decode(reader, apiVersion).brokerId;
  if (apiKey !== FETCH_KEY) return -1;
  const { replicaId, replicaState } = fetchRequest.decode(reader, apiVersion);
  return apiVersion >= FETCH_VERSION_WITH_STATE ? replicaState.replicaId : replicaId;
}
