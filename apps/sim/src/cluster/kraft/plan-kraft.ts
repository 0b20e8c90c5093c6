import { uuidFromBytes } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from '../families.ts';
import { BROKER_PORT, drawBrokerProperties, drawDirectories, drawMachine, hostOf, type PlannedNode } from '../plan.ts';

/** Where nodes find controllers. */
const CONTROLLER_PORT = 9093;

/** Draws how the cluster is made: roles apart or combined, three or four brokers, times, and sizes of files. */
export function planKraft(prng: Prng, families: ReadonlySet<ClusterFamily>): readonly PlannedNode[] {
  const combined = prng.chance(0.25);
  const brokers = prng.between(3, 4);
  const controllerIds = combined ? [1, 2, 3] : [101, 102, 103];
  const brokerIds = Array.from({ length: brokers }, (_, index) => index + 1);
  const common = drawProperties(prng, families);
  const isDynamic = prng.chance(0.3);
  const addresses = controllerIds.map((id) => ({ id, host: hostOf(id), port: CONTROLLER_PORT }));
  const voters = addresses.map((address) => ({
    ...address,
    directoryId: uuidFromBytes(prng.fill(new Uint8Array(16))),
  }));
  const quorumProperties = isDynamic
    ? { 'controller.quorum.bootstrap.servers': addresses.map(({ host, port }) => `${host}:${port}`).join() }
    : { 'controller.quorum.voters': addresses.map(({ id, host, port }) => `${id}@${host}:${port}`).join() };
  const detectResets = prng.chance(0.4);
  const directories = drawDirectories(prng);
  return [...new Set([...controllerIds, ...brokerIds])].map((id): PlannedNode => {
    const isController = controllerIds.includes(id);
    const isBroker = brokerIds.includes(id);
    const host = hostOf(id);
    const listeners = [
      ...(isBroker ? [`PLAINTEXT://${host}:${BROKER_PORT}`] : []),
      ...(isController ? [`CONTROLLER://${host}:${CONTROLLER_PORT}`] : []),
    ];
    const roles = [...(isBroker ? ['broker'] : []), ...(isController ? ['controller'] : [])];
    const own = {
      'process.roles': roles.join(),
      'node.id': `${id}`,
      listeners: listeners.join(),
      'log.dirs': directories.join(),
    };
    return {
      id,
      host,
      isBroker,
      isController,
      properties: new Map(Object.entries({ ...common, ...quorumProperties, ...own })),
      quorum:
        isDynamic && isController
          ? { kind: 'voters', voters, listener: 'CONTROLLER' }
          : { kind: 'unwritten', dynamic: isDynamic },
      directories,
      detectResets,
      machine: drawMachine(prng, families),
    };
  });
}

/** Times are short, so that a run holds many elections, fencings and changes of the ISR. */
function drawProperties(prng: Prng, families: ReadonlySet<ClusterFamily>): Record<string, string> {
  const snapshots = families.has('snapshots')
    ? {
        'metadata.log.max.record.bytes.between.snapshots': `${prng.between(500, 4_000)}`,
        'metadata.max.retention.bytes': '1',
        'metadata.log.segment.bytes': `${prng.between(1_000, 10_000)}`,
        'metadata.log.segment.min.bytes': '1000',
      }
    : {};
  return {
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.quorum.election.timeout.ms': `${prng.between(300, 800)}`,
    'controller.quorum.election.backoff.max.ms': `${prng.between(200, 600)}`,
    'controller.quorum.fetch.timeout.ms': `${prng.between(600, 1_500)}`,
    'controller.quorum.request.timeout.ms': `${prng.between(500, 1_500)}`,
    'broker.heartbeat.interval.ms': `${prng.between(200, 600)}`,
    'broker.session.timeout.ms': `${prng.between(1_500, 4_000)}`,
    ...drawBrokerProperties(prng),
    ...snapshots,
  };
}
