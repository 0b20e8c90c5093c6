import type { DirectoryReport, ReplicaChange } from '@biquorum/control-plane';
import type { Log } from '@biquorum/log';
import { noTelemetry } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';
import { Placements } from '../../src/replicas/placements.ts';

const HERE = 'directoryOfThisTestsAA';

/** A broker with one directory, whose reports are answered by hand. */
function placements() {
  const reports: { readonly partitions: readonly number[]; answer(): Promise<void>; fail(): Promise<void> }[] = [];
  const reportDirectories = ({ placed }: DirectoryReport): Promise<void> =>
    new Promise((resolve, reject) => {
      const settled = async (settle: () => void): Promise<void> => {
        settle();
        for (let turn = 0; turn < 5; turn++) await undefined;
      };
      reports.push({
        partitions: (placed.get(HERE) ?? []).map(({ partition }) => partition),
        answer: () => settled(resolve),
        fail: () => settled(() => reject(new Error('the plane closes'))),
      });
    });
  const directory = { path: '/logs', meta: { version: 1, directoryId: HERE } };
  return {
    reports,
    placements: new Placements({
      plane: { reportDirectories },
      logs: { directories: [directory as never] },
      telemetry: noTelemetry,
    }),
  };
}

function replica(partition: number, directory: string | null, log = { directory: `/logs/t-${partition}` } as Log) {
  const change = { topic: 't', topicId: 'topicOfTheseTestsAAAAA', partition, directory };
  return { change: change as ReplicaChange, log };
}

describe('where replicas lie', () => {
  it('is told of those that the cluster believes elsewhere, or knows no place of', () => {
    const { reports, placements: own } = placements();
    own.look([replica(0, null), replica(1, HERE), replica(2, 'anotherDirectoryAAAAAA')]);
    expect(reports.map(({ partitions }) => partitions)).toEqual([[0, 2]]);
  });

  it('is not told again while it is being told, but after it, since the first report may have come too early', async () => {
    const { reports, placements: own } = placements();
    const [first, second] = [replica(0, null), replica(1, null)] as const;
    own.look([first, second]);
    own.look([first]);
    expect(reports).toHaveLength(1);
    await reports[0]?.answer();
    expect(reports.map(({ partitions }) => partitions)).toEqual([[0, 1], [0]]);
    await reports[1]?.answer();
    expect(reports).toHaveLength(2);
  });

  it('is told anew of a replica that was taken from the broker and given to it again', async () => {
    const { reports, placements: own } = placements();
    const one = replica(0, null);
    own.look([one]);
    await reports[0]?.answer();
    // Between two looks the cluster has forgotten it: its log is the same.
    own.look([one]);
    expect(reports.map(({ partitions }) => partitions)).toEqual([[0], [0]]);
  });

  it('is told with the next assignment when a report failed', async () => {
    const { reports, placements: own } = placements();
    const one = replica(0, null);
    own.look([one]);
    await reports[0]?.fail();
    own.look([one]);
    expect(reports).toHaveLength(2);
  });
});
