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
const LOOPBACK = '127.0.0.1';
/** Sessions are as long as brokers ask for, and end within a fifth of a second of their time. */
const SESSIONS = [
  ['tickTime', '200'],
  ['minSessionTimeout', '200'],
  ['maxSessionTimeout', '600000'],
] as const;

/**
 * Plans an ensemble of a cluster's own. Here, and nowhere else, it is decided what such an ensemble is made of.
 *
 * @param count how many servers
 * @param root where they keep their data
 * @param persists the cluster is to be found again in its directory
 * @throws ZooKeeperSettingsError for what there is no ensemble for
 */
export async function planEnsemble(
  ports: Ports,
  count: number,
  root: string,
  persists: boolean,
): Promise<EnsemblePlan> {
  if (count !== 1) {
    const remedy = 'is no ensemble that a cluster can start; tell it 1, or zookeeperConnect of one that runs';
    throw new ZooKeeperSettingsError('zookeepers', String(count), remedy);
  }
  if (persists) {
    const remedy = 'keeps its tree in memory, and a dataDirectory outlives it; tell the cluster zookeeperConnect';
    throw new ZooKeeperSettingsError('zookeepers', String(count), remedy);
  }
  const taken = await freePorts(ports, count);
  const servers = taken.map((port, index): PlannedNode => {
    const id = FIRST_SERVER + index;
    const directory = `${root}/zookeeper-${id}`;
    const own: readonly (readonly [string, string])[] = [
      ['clientPort', String(port)],
      ['clientPortAddress', LOOPBACK],
      ['dataDir', directory],
      ['maxClientCnxns', '0'],
      ...SESSIONS,
    ];
    return { id, role: 'zookeeper', directory, properties: new Map(own) };
  });
  return { connect: taken.map((port) => `${LOOPBACK}:${port}`).join(','), servers };
}
