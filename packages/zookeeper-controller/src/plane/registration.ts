import { PlaneError, type Registration } from '@biquorum/control-plane';
import { brokerIdPath, encodeBrokerRegistration } from '@biquorum/kafka-znodes';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { readLiveBrokers } from '../topics/live-brokers.ts';
import { hasCode, unlessMissing, untilAnswered } from '../until-answered.ts';

/** Who registers. */
export interface Registrant {
  readonly id: NodeId;
  readonly rack: string | null;
  readonly wallMs: () => number;
  /** Session under which this process registered before; 0 for none. */
  readonly lastSession: bigint;
}

/**
 * Makes a broker's znode under a session. One that this process made under an earlier session is replaced; one of
 * anybody else means that the id is taken, also when its owner was killed and its session is not over yet.
 *
 * Source: Java `KafkaZkClient.registerBroker`, `CheckedEphemeral`.
 *
 * @returns The broker's epoch: the transaction that made the znode.
 * @throws PlaneError when the id or an endpoint is taken. @throws ZooKeeperError when the session is over
 */
export async function registerBroker(
  session: ZooKeeperClient,
  registrant: Registrant,
  registration: Registration,
): Promise<BrokerEpoch> {
  const { id, lastSession } = registrant;
  const path = brokerIdPath(id);
  const data = dataOf(registrant, registration);
  for (;;) {
    try {
      const results = await untilAnswered(session, () =>
        session.multi([
          { op: 'create', path, data: null, options: { mode: 'ephemeral' } },
          { op: 'setData', path, data, version: 0 },
        ]),
      );
      const set = results[1];
      if (set?.op === 'setData') return set.stat.czxid as BrokerEpoch;
    } catch (error) {
      if (!hasCode(error, 'NodeExists')) throw error;
      const found = await untilAnswered(session, () => unlessMissing(session.getData(path)));
      if (found === undefined) continue;
      const { ephemeralOwner, czxid } = found.stat;
      // The reply to an earlier try was lost.
      if (ephemeralOwner === session.sessionId) return czxid as BrokerEpoch;
      if (lastSession === 0n || ephemeralOwner !== lastSession) throw idTaken(id, ephemeralOwner);
      await untilAnswered(session, () => unlessMissing(session.delete(path)));
    }
  }
}

/** Tells others new endpoints; the epoch stays. */
export async function updateRegistration(
  session: ZooKeeperClient,
  registrant: Registrant,
  registration: Registration,
): Promise<void> {
  const data = dataOf(registrant, registration);
  await untilAnswered(session, () => session.setData(brokerIdPath(registrant.id), data));
}

/** @throws PlaneError when another broker tells clients the same address. Source: Java `KafkaServer.createBrokerInfo` */
export async function checkEndpoints(session: ZooKeeperClient, id: NodeId, { endpoints }: Registration): Promise<void> {
  const own = new Set(endpoints.map(({ host, port }) => `${host}:${port}`));
  for (const broker of await readLiveBrokers(session)) {
    if (broker.id === id) continue;
    const taken = broker.endpoints.map(({ host, port }) => `${host}:${port}`).filter((address) => own.has(address));
    if (taken.length === 0) continue;
    throw new PlaneError({
      code: 'registration-refused',
      message: `${taken.join(', ')} of advertised.listeners is in use by broker ${broker.id}; give each broker its own`,
    });
  }
}

function dataOf({ rack, wallMs }: Registrant, { endpoints }: Registration): Uint8Array {
  return encodeBrokerRegistration({
    endpoints,
    rack,
    jmxPort: -1,
    timestampMs: Math.trunc(wallMs()),
    features: new Map(),
  });
}

function idTaken(id: NodeId, owner: bigint): PlaneError {
  return new PlaneError({
    code: 'id-taken',
    message: `broker.id ${id} is registered under session 0x${owner.toString(16)}: another broker has it, or one that was killed and whose session is not over yet; give each broker its own id, or wait for zookeeper.session.timeout.ms`,
  });
}
