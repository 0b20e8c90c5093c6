import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { successionOf } from '../src/sides/apache-kraft.ts';
import { readLogLines } from '../src/sides/log-lines.ts';
import { Missing } from '../src/sides/side.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-compare-logs-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** As controllers of Apache Kafka 3.9 write it. */
const LOG_102 = `[2026-11-21 21:20:01,000] INFO [RaftManager id=102] Completed transition to FollowerState(fetchTimeoutMs=3000, epoch=5) from Unattached (org.apache.kafka.raft.QuorumState)
[2026-11-21 21:20:04,100] INFO [RaftManager id=102] Become candidate due to fetch timeout (org.apache.kafka.raft.KafkaRaftClient)
[2026-11-21 21:20:04,150] INFO [RaftManager id=102] Completed transition to CandidateState(localId=102, epoch=6, retries=1) from FollowerState (org.apache.kafka.raft.QuorumState)
java.io.IOException: a line without a time
	at java.base/somewhere
[2026-11-21 21:20:04,400] INFO [RaftManager id=102] Completed transition to Leader(localId=102, epoch=6) from CandidateState (org.apache.kafka.raft.QuorumState)
[2026-11-21 21:20:04,650] INFO [QuorumController id=102] Becoming the active controller at epoch 6, next write offset 42. (org.apache.kafka.controller.QuorumController)
`;
const LOG_103 = `[2026-11-21 21:20:04,500] INFO [RaftManager id=103] Completed transition to FollowerState(epoch=6) from Unattached (org.apache.kafka.raft.QuorumState)
`;

function lines() {
  const [one, other] = [join(scratch, '102.log'), join(scratch, '103.log')];
  writeFileSync(one, LOG_102);
  writeFileSync(other, LOG_103);
  return readLogLines([
    { node: 103, path: other },
    { node: 102, path: one },
  ]);
}

describe('what controllers of Apache’s write into their logs', () => {
  it('is read in the order of time, whichever log it stands in', () => {
    expect(lines().map(({ node }) => node)).toEqual([102, 102, 102, 102, 103, 102]);
  });

  it('tells how one controller followed another, in parts', () => {
    const killedAt = Date.parse('2026-11-21T21:20:02.000');
    expect(successionOf(lines(), killedAt)).toEqual({
      detection: 2_150,
      election: 250,
      load: 250,
      readyAt: killedAt + 2_650,
    });
  });

  it('tells nothing of what came before', () => {
    const { detection } = successionOf(lines(), Date.parse('2026-11-21T21:20:05.000'));
    expect(detection).toBeInstanceOf(Missing);
  });
});
