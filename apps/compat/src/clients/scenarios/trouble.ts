import { once } from 'node:events';
import { createServer } from 'node:net';
import { AgentError, type ProduceRecord } from '../agent-protocol.ts';
import { contentOf, equal, holds, numbered, produce, readAll, readFrom, type Scenario, write } from '../scenario.ts';

const deadBootstrap: Scenario = {
  id: 'bootstrap',
  title: 'first bootstrap address dead',
  needs: ['dead-bootstrap', 'consume-from-offset'],
  kills: false,
  async run({ witness, cluster, another, topic: create }) {
    const topic = await create(1);
    const agent = await another([await deadAddress(), ...cluster.bootstrap]);
    const records = numbered(5, 0);
    await write(agent, topic, records);
    equal((await readAll(witness, topic, 0, 5)).map(contentOf), records.map(contentOf), 'written');
    equal((await readFrom(agent, topic, 0, { offset: 0 }, 5)).map(contentOf), records.map(contentOf), 'read');
    return undefined;
  },
};

const MESSAGE_TOO_LARGE = 10;
const LIMIT = 100_000;

const oversized: Scenario = {
  id: 'oversized',
  title: 'a record that the broker finds too large',
  needs: ['oversized'],
  kills: false,
  async run({ subject, witness, topic: create }) {
    const topic = await create(1, { 'max.message.bytes': `${LIMIT}` });
    const large = { key: 'large', value: 'x'.repeat(2 * LIMIT), partition: 0 };
    let refusal: unknown;
    try {
      await write(subject, topic, [large]);
    } catch (error) {
      refusal = error;
    }
    if (!(refusal instanceof AgentError)) throw refusal ?? new Error('it was taken');
    equal(refusal.code, MESSAGE_TOO_LARGE, `code of ${refusal.name}: ${refusal.message}`);
    await write(subject, topic, numbered(2, 0));
    equal((await readAll(witness, topic, 0, 2)).map(contentOf), numbered(2, 0).map(contentOf), 'what was taken');
    return undefined;
  },
};

const PARTITIONS = 3;
const ROUNDS = 3;
const ROUND_RECORDS = 100;
const ROUND_MS = 1_500;

const leaderKilled: Scenario = {
  id: 'leader',
  title: 'leader killed under load: each record once, in order',
  needs: ['leader-killed', 'idempotent'],
  kills: true,
  async run({ subject, witness, cluster, topic: create }) {
    const partitions = subject.hello.lacks['explicit-partition'] === undefined ? PARTITIONS : 1;
    const topic = await create(partitions, { 'min.insync.replicas': '2' });
    await cluster.untilInSync(topic);
    const acknowledged: ProduceRecord[] = [];
    const changes: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const first = round * ROUND_RECORDS;
      const records = Array.from({ length: ROUND_RECORDS }, (_, index) =>
        Array.from({ length: partitions }, (_, partition) => numbered(1, partition, first + index)).flat(),
      ).flat();
      let done = false;
      const producing = produce(subject, { topic, records, codec: 'none', idempotent: true, overMs: ROUND_MS }).finally(
        () => {
          done = true;
        },
      );
      producing.catch(() => {});
      const target = round % partitions;
      const leader = await cluster.untilLeader(topic, target);
      await cluster.until(
        `records of round ${round}`,
        async () => (await cluster.logEndOffset(leader, topic, target)) > first || done,
      );
      holds(!done, `round ${round} was over before its leader could be killed`);
      await cluster.kill(leader);
      changes.push(`${leader} → ${await cluster.untilLeader(topic, target)}`);
      await producing;
      acknowledged.push(...records);
      await cluster.restart(leader);
      await cluster.untilInSync(topic);
    }
    for (let partition = 0; partition < partitions; partition++) {
      const expected = acknowledged.filter((it) => it.partition === partition);
      const read = await readAll(witness, topic, partition, expected.length);
      equal(read.map(contentOf), expected.map(contentOf), `partition ${partition} after ${changes.join(', ')}`);
    }
    return undefined;
  },
};

/** Rows about what goes wrong. */
export const troubleScenarios: readonly Scenario[] = [deadBootstrap, oversized, leaderKilled];

/** An address of this machine on which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return `127.0.0.1:${address.port}`;
}
