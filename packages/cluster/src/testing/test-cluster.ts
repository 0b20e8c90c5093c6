import { randomUuid } from '@biquorum/kraft';
import type { Cluster } from '../cluster.ts';
import { HostedNode } from '../hosted-node.ts';
import { logFindings, nodeProperties } from '../review.ts';
import {
  type Assemble,
  assembleKraft,
  type ClusterMode,
  type CommonOptions,
  clusterProperties,
  runCluster,
} from '../start-cluster.ts';
import { assembleZooKeeper } from '../zookeeper/assemble-zookeeper.ts';
import { ReferenceMode } from './reference-mode.ts';

/** A mode, or `reference`: a government in the memory of one process, which forgets everything when that ends. */
export type TestClusterMode = ClusterMode | 'reference';

/** How to start a cluster of any mode. `controllers` and `processes` mean nothing to `reference`. */
export interface TestClusterOptions extends CommonOptions {
  readonly mode: TestClusterMode;
}

/** As `startCluster`, in any mode. The reference plane has no consensus: nothing but tests may be governed by it. */
export function startTestCluster({ mode, ...options }: TestClusterOptions): Promise<Cluster> {
  return runCluster(options, ASSEMBLE[mode]);
}

const assembleReference: Assemble = async (ports, root, options, links) => {
  const { brokers = 3, port } = options;
  const given = clusterProperties(options, brokers);
  const reference = new ReferenceMode(randomUuid(ports.random), ports, given);
  logFindings(ports.telemetry, given, options.dataDirectory, reference.configs);
  const makeBroker = (id: number): HostedNode => {
    const properties = new Map([
      ...nodeProperties(given),
      ['node.id', String(id)],
      ['listeners', `PLAINTEXT://127.0.0.1:${port === undefined ? 0 : port + id - 1}`],
      ['log.dirs', `${root}/broker-${id}`],
    ]);
    const create: ConstructorParameters<typeof HostedNode>[0]['create'] = (own, now) => reference.create(own, now);
    return new HostedNode({ id, role: 'broker', ports, links, properties, create });
  };
  const nodes = Array.from({ length: brokers }, (_, index) => makeBroker(index + 1));
  return { mode: 'reference', nodes, makeBroker, close: () => reference.close() };
};

const ASSEMBLE: Readonly<Record<TestClusterMode, Assemble>> = {
  kraft: assembleKraft,
  zookeeper: assembleZooKeeper,
  reference: assembleReference,
};
