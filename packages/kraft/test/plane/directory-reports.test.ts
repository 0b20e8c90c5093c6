import type { TopicIdPartition } from '@biquorum/control-plane';
import { Pauses } from '@biquorum/control-plane/channel';
import { errorCode, type Uuid } from '@biquorum/kafka-wire';
import {
  type AssignReplicasToDirsRequest,
  assignReplicasToDirsRequest,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import type { TopicId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';
import { reportPlaced } from '../../src/plane/directory-reports.ts';

const TOPIC = 'sc6qt_aFRIK88xj98n-UAA' as TopicId;
const DIRECTORIES = ['PVNuwanOTWCfsOwDP1VAqA', 'RoXA7nE1dApJUI3Qfe-3QQ'] as const;

function placed(count: number): Map<string, readonly TopicIdPartition[]> {
  const replicas = Array.from({ length: count }, (_, partition) => ({ topic: 't', topicId: TOPIC, partition }));
  return new Map(DIRECTORIES.map((id, at) => [id, replicas.filter(({ partition }) => partition % 2 === at)]));
}

/** Reports so many replicas; the controller answers each request with the next of these errors, then with none. */
async function report(count: number, errors: readonly ('STALE_BROKER_EPOCH' | 'UNSUPPORTED_VERSION')[] = []) {
  const requests: AssignReplicasToDirsRequest[] = [];
  const world = new MemoryWorld({ seed: 1 });
  const { timers } = world.addHost('broker').ports;
  const who = { brokerId: 1, brokerEpoch: () => 7 };
  await world.run(async () => {
    await reportPlaced(
      {
        ask: (call) => {
          const bytes = assignReplicasToDirsRequest.toBytes(call.body(0) as AssignReplicasToDirsRequest, 0);
          requests.push(assignReplicasToDirsRequest.fromBytes(bytes, 0));
          const answer = { errorCode: errorCode(errors[requests.length - 1] ?? 'NONE'), directories: [] };
          return Promise.resolve(call.response.fromBytes(call.response.toBytes(answer as never, 0), 0));
        },
      },
      new Pauses(timers),
      who,
      placed(count),
    );
  });
  return requests.map(({ directories }) =>
    directories.flatMap(({ id, topics }) =>
      topics.flatMap(({ partitions }) =>
        partitions.map(({ partitionIndex }) => [id, partitionIndex] as [Uuid, number]),
      ),
    ),
  );
}

describe('what a broker says of where its replicas lie', () => {
  it('is told in requests of bounded size, each replica once and with its directory', async () => {
    const requests = await report(5_000);
    expect(requests.map((rows) => rows.length)).toEqual([2_250, 2_250, 500]);
    const rows = requests.flat();
    expect(new Set(rows.map(([, partition]) => partition)).size).toBe(5_000);
    expect(rows.every(([id, partition]) => id === DIRECTORIES[partition % 2])).toBe(true);
  });

  it('is told again where the controller refuses it, and the rest after that', async () => {
    const requests = await report(3_000, ['STALE_BROKER_EPOCH']);
    expect(requests.map((rows) => rows.length)).toEqual([2_250, 2_250, 750]);
    expect(requests[1]).toEqual(requests[0]);
  });

  it('is told no further where the cluster’s version knows no directories', async () => {
    expect(await report(3_000, ['UNSUPPORTED_VERSION'])).toHaveLength(1);
  });
});
