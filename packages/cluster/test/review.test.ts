import { startTestCluster, type TestClusterMode } from '@biquorum/cluster/testing';
import { CollectingTelemetry } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

/** What a broker of its own would warn of, in the words of the warning. */
async function warningsOf(mode: TestClusterMode, properties: Record<string, string>): Promise<unknown[]> {
  const telemetry = new CollectingTelemetry();
  await using _ = await startTestCluster({ mode, brokers: 1, properties, telemetry });
  return telemetry.events.filter(({ level }) => level === 'warn').map(({ fields }) => fields['message']);
}

test.each<TestClusterMode>(['reference', 'kraft'])(
  'a cluster tells of properties that nobody knows or that change nothing, once, and starts all the same: %s',
  async (mode) => {
    const warnings = await warningsOf(mode, {
      'num.partition': '3',
      'num.io.threads': '16',
      'broker.session.timeout.ms': '5000',
      'log.dirs': '/nowhere/to/be/found',
    });
    expect(warnings).toEqual([
      'log.dirs does not count: a cluster decides it for each node; it is told one directory for all nodes',
      'num.partition is no setting of a broker; did you mean num.partitions?',
      expect.stringMatching(/^num\.io\.threads has no effect: /),
    ]);
  },
);
