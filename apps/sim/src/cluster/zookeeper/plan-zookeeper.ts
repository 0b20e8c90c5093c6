import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from '../families.ts';
import { BROKER_PORT, drawBrokerProperties, drawDirectories, drawMachine, hostOf, type PlannedNode } from '../plan.ts';

/** Where brokers find the ensemble, below a path of their own. */
export const ENSEMBLE = { host: 'zookeeper', port: 2181, chroot: '/kafka' } as const;

/** Draws how the cluster is made: three or four brokers, each of which may become the controller. */
export function planZooKeeper(prng: Prng, families: ReadonlySet<ClusterFamily>): readonly PlannedNode[] {
  const brokers = prng.between(3, 4);
  const common = drawProperties(prng);
  const directories = drawDirectories(prng);
  return Array.from({ length: brokers }, (_, index): PlannedNode => {
    const id = index + 1;
    const host = hostOf(id);
    const own = {
      'broker.id': `${id}`,
      listeners: `PLAINTEXT://${host}:${BROKER_PORT}`,
      'log.dirs': directories.join(),
    };
    return {
      id,
      host,
      isBroker: true,
      isController: true,
      properties: new Map(Object.entries({ ...common, ...own })),
      quorum: null,
      directories,
      detectResets: false,
      machine: drawMachine(prng, families),
    };
  });
}

/** Sessions are short, so that a run holds many of them, and pauses outlast them. */
function drawProperties(prng: Prng): Record<string, string> {
  return {
    'zookeeper.connect': `${ENSEMBLE.host}:${ENSEMBLE.port}${ENSEMBLE.chroot}`,
    'zookeeper.session.timeout.ms': `${prng.between(1_500, 4_000)}`,
    'zookeeper.connection.timeout.ms': `${prng.between(4_000, 8_000)}`,
    'zookeeper.max.in.flight.requests': `${prng.pick([1, 3, 10])}`,
    'controller.socket.timeout.ms': `${prng.between(1_000, 4_000)}`,
    'controlled.shutdown.max.retries': `${prng.between(1, 3)}`,
    'controlled.shutdown.retry.backoff.ms': `${prng.between(200, 1_500)}`,
    ...drawBrokerProperties(prng),
  };
}
