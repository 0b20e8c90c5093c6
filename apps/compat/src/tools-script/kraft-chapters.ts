import type { KraftCluster } from '../kraft-cluster/cluster.ts';
import type { ToolStep } from '../mixed-cluster/transcript.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Chapter } from './stage.ts';

export const features: Chapter = {
  title: 'kafka-features',
  async play({ tool, toGovernment }) {
    const feature = (args: string): Promise<string> => tool('kafka-features', args.split(' '), EPOCHS);
    await feature('describe');
    await toGovernment('kafka-features', ['describe'], EPOCHS);
    await feature('upgrade --metadata 3.9');
    await feature('upgrade --metadata 3.9-IV0 --dry-run');
    await feature('upgrade --metadata 3.8');
    await feature('downgrade --metadata 3.9');
    await feature('downgrade --metadata 3.7 --dry-run');
    await feature('downgrade --metadata 3.7 --unsafe');
    await feature('upgrade --feature no.such.feature=2');
    await feature('upgrade --feature metadata.version=99');
    await feature('upgrade --feature kraft.version=1');
    await feature('disable --feature metadata.version');
    await feature('describe');
  },
};

const EPOCHS: ToolStep = { substitutions: [[/Epoch: \d+/g, 'Epoch: <n>']] };

export const quorum: Chapter<KraftCluster> = {
  title: 'kafka-metadata-quorum',
  async play({ tool, toGovernment, plain, cluster: nodes }) {
    await untilObserved(nodes, [1, 2, 3]);
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await toGovernment('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await tool('kafka-metadata-quorum', ['describe', '--replication'], REPLICATION);
    await tool('kafka-metadata-quorum', ['describe', '--replication', '--human-readable'], REPLICATION);
    await nodes.node(NEW_CONTROLLER).start();
    await untilObserved(nodes, [1, 2, 3, NEW_CONTROLLER]);
    const newcomer = nodes.node(NEW_CONTROLLER);
    const add = ['--command-config', newcomer.propertiesFile];
    const bootstrap = ['--bootstrap-controller', nodes.node(FIRST_CONTROLLER).plan.controller];
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller', '--dry-run']);
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller']);
    await untilObserved(nodes, [1, 2, 3]);
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller']);
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await tool('kafka-metadata-quorum', ['describe', '--replication'], REPLICATION);
    const remove = (id: number, directory: string): readonly string[] => [
      'remove-controller',
      '--controller-id',
      `${id}`,
      '--controller-directory-id',
      directory,
    ];
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, 'Axt-zhbhRvGoHt3e_TDLcQ'));
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, newcomer.directoryId));
    await untilObserved(nodes, [1, 2, 3, NEW_CONTROLLER]);
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, newcomer.directoryId));
    await tool('kafka-metadata-quorum', remove(FIRST_CONTROLLER, nodes.node(FIRST_CONTROLLER).directoryId));
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
  },
};

/** The first that the quorum has; the other joins in the course of the script. */
export const FIRST_CONTROLLER = 101;
const NEW_CONTROLLER = 102;

/** Waits until just these follow the quorum without a vote, and have all that its leader has. */
async function untilObserved(nodes: KraftCluster, ids: readonly number[]): Promise<void> {
  const seen = (): ReturnType<KraftCluster['observers']> => nodes.observers(FIRST_CONTROLLER);
  const caughtUp = JSON.stringify(ids.map((id) => ({ id, lag: 0 })));
  await until(`observed by ${ids}`, async () => (JSON.stringify(await seen()) === caughtUp ? true : undefined), seen);
}

const STATUS: ToolStep = {
  substitutions: [[/(LeaderEpoch|HighWatermark|MaxFollowerLag|MaxFollowerLagTimeMs):\s+-?\d+/g, '$1: <n>']],
  rewrite: inOrderOfIds,
};

/** Observers come in no order that a reader could rely on. */
function inOrderOfIds(line: string): string {
  const [, name, list] = /^(CurrentObservers:)\s+\[(.*)\]$/.exec(line) ?? [];
  if (name === undefined || list === undefined) return line;
  const idOf = (item: string): number => Number(/"id": (\d+)/.exec(item)?.[1]);
  const items = list.split(/(?<=\}), /).toSorted((a, b) => idOf(a) - idOf(b));
  return `${name} [${items.join(', ')}]`;
}

/** Node, directory and status stay; ends of logs, lags and times are of the moment. */
const REPLICATION: ToolStep = {
  substitutions: [[/^(\d+\s+\S+)\s.*\s(Leader|Follower|Observer)\s*$/g, '$1 <numbers> $2']],
  sorted: true,
};
