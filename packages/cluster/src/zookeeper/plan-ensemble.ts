import type { Ports } from '@biquorum/platform';
import { ZooKeeperSettingsError } from '@biquorum/zookeeper-controller';
import { freePorts, type PlannedNode } from '../kraft/kraft-mode.ts';

/** The servers of a cluster's own ensemble, and how brokers reach them. */
export interface EnsemblePlan {
  /** `host:port,…` */
  readonly connect: string;
  readonly servers: readonly PlannedNode[];
}

/** Servers of the ensemble are numbered from here on, brokers from 1. */
const FIRST_SERVER = 201;
const SERVERS_MAX = 9;
/** Of clients, of followers, of elections. */
const PORTS_EACH = 3;
const LOOPBACK = '127.0.0.1';

/** Sessions are as long as brokers ask for; a machine with much else to do does not break the ensemble. */
const COMMON = [
  ['clientPortAddress', LOOPBACK],
  ['maxClientCnxns', '0'],
  ['tickTime', '500'],
  ['minSessionTimeout', '500'],
  ['maxSessionTimeout', '600000'],
  ['initLimit', '120'],
  ['syncLimit', '20'],
  ['autopurge.purgeInterval', '1'],
] as const;

/**
 * Plans an ensemble of a cluster's own. Here, and nowhere else, it is decided what such an ensemble is made of.
 *
 * @param count how many servers
 * @param root where they keep their data
 * @throws ZooKeeperSettingsError for a number of servers that no ensemble has
 */
export async function planEnsemble(ports: Ports, count: number, root: string): Promise<EnsemblePlan> {
  if (!Number.isInteger(count) || count < 1 || count > SERVERS_MAX) {
    throw new ZooKeeperSettingsError('zookeepers', String(count), `is no number of servers from 1 to ${SERVERS_MAX}`);
  }
  const taken = await freePorts(ports, count * PORTS_EACH);
  const portsOf = (index: number): readonly number[] => taken.slice(index * PORTS_EACH, (index + 1) * PORTS_EACH);
  const indexes = Array.from({ length: count }, (_, index) => index);
  const members = indexes.map((index): readonly [string, string] => {
    const [, followers, elections] = portsOf(index);
    return [`server.${index + 1}`, `${LOOPBACK}:${followers}:${elections}`];
  });
  const servers = indexes.map((index): PlannedNode => {
    const id = FIRST_SERVER + index;
    const directory = `${root}/zookeeper-${id}`;
    const own: readonly (readonly [string, string])[] = [
      ['dataDir', directory],
      ['clientPort', String(portsOf(index)[0])],
      ...COMMON,
      // One server stands alone.
      ...(count === 1 ? [] : members),
    ];
    return { id, role: 'zookeeper', directory, properties: new Map(own) };
  });
  return { connect: indexes.map((index) => `${LOOPBACK}:${portsOf(index)[0]}`).join(','), servers };
}

/** The node of the cluster that a server of its ensemble is. */
export function nodeIdOf(serverId: number): number {
  return FIRST_SERVER + serverId - 1;
}

/** The number of a server within its ensemble. */
export function serverIdOf({ id }: PlannedNode): number {
  return id - FIRST_SERVER + 1;
}
