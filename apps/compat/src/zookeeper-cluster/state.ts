import type { ToolName, ToolServer } from '../java/tool-server.ts';
import { until } from '../mixed-cluster/until.ts';

/** What Apache's tools tell of a cluster, as text. */
export interface ClusterState {
  /** `kafka-topics --describe`, with who leads and who is in sync. */
  readonly topics: string;
  /** The same without these two. */
  readonly assignments: string;
  /** `kafka-configs --describe` of topics and brokers. */
  readonly configs: string;
  /** `kafka-get-offsets` of what clients have made; groups come and go. */
  readonly ends: string;
  /** Where a group is, as `kafka-consumer-groups --describe` tells. */
  readonly committed: string;
}

/**
 * Reads all that clients can see of topics, settings, offsets and a group. What cannot be had right after a change, such
 * as the end of a partition whose leader moves, is asked for again.
 */
export async function readState(tools: ToolServer, bootstrap: readonly string[], group: string): Promise<ClusterState> {
  const tell = async (name: ToolName, ...args: readonly string[]): Promise<readonly string[]> => {
    const outcome = await until(`told by ${name}`, async () => {
      const run = await tools.run(name, ['--bootstrap-server', bootstrap.join(), ...args]);
      if (run.status !== 0 || /^(Error|WARN)/m.test(run.stdout + run.stderr)) throw new Error(run.stderr);
      return run;
    });
    const lines = outcome.stdout.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
    return lines.filter((line) => line !== '').map(inOrder);
  };
  const topics = (await tell('kafka-topics', '--describe')).toSorted();
  const configs = [
    ...(await tell('kafka-configs', '--describe', '--entity-type', 'topics')),
    ...(await tell('kafka-configs', '--describe', '--entity-type', 'brokers')),
  ];
  const ends = (await tell('kafka-get-offsets', '--exclude-internal-topics')).toSorted();
  const ofGroup = await tell('kafka-consumer-groups', '--describe', '--group', group);
  // Group, topic, partition, offset; where each partition ends stands beside that.
  const committed = ofGroup
    .filter((line) => line.startsWith(group))
    .map((line) => line.split(' ').slice(0, 4).join(' '));
  return {
    topics: topics.join('\n'),
    assignments: topics.map((line) => line.replace(/Leader: \S+/, '').replace(/Isr: [\d,]*/, '')).join('\n'),
    configs: configs.toSorted().join('\n'),
    ends: ends.join('\n'),
    committed: committed.toSorted().join('\n'),
  };
}

/** Who is in sync is a set. */
function inOrder(line: string): string {
  return line.replace(/Isr: ([\d,]+)/, (_, ids: string) => `Isr: ${ids.split(',').toSorted().join()}`);
}
