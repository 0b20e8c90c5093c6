import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from '../families.ts';
import { BROKER_PORT, drawBrokerProperties, drawDirectories, drawMachine, hostOf, type PlannedNode } from '../plan.ts';

/** Where servers of the ensemble listen for clients. */
export const CLIENT_PORT = 2181;
/** The path below which the cluster has its znodes. */
export const CHROOT = '/kafka';

/**
 * Draws how the cluster is made: three or four brokers, each of which may become the controller.
 *
 * @param hosts of the ensemble
 */
export function planZooKeeper(
  prng: Prng,
  families: ReadonlySet<ClusterFamily>,
  hosts: readonly string[],
): readonly PlannedNode[] {
  const brokers = prng.between(3, 4);
  const common = drawProperties(prng, hosts);
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
function drawProperties(prng: Prng, hosts: readonly string[]): Record<string, string> {
  return {
    'zookeeper.connect': `${hosts.map((host) => `${host}:${CLIENT_PORT}`).join()}${CHROOT}`,
    'zookeeper.session.timeout.ms': `${prng.between(1_500, 4_000)}`,
    'zookeeper.connection.timeout.ms': `${prng.between(4_000, 8_000)}`,
    'zookeeper.max.in.flight.requests': `${prng.pick([1, 3, 10])}`,
    'controller.socket.timeout.ms': `${prng.between(1_000, 4_000)}`,
    'controlled.shutdown.max.retries': `${prng.between(1, 3)}`,
    'controlled.shutdown.retry.backoff.ms': `${prng.between(200, 1_500)}`,
    ...drawBrokerProperties(prng),
  };
}
