import type { NodeId } from '@biquorum/metadata';
import { Prng } from '@biquorum/std';
import { afterEach, describe, expect, test } from 'vitest';
import { readAll, recordsOf } from './support/data.ts';
import { findCoordinator } from './support/group-member.ts';
import { seeds } from './support/seeds.ts';
import { TestCluster } from './support/test-cluster.ts';
import { Churning, Committing, Producing, Reading } from './support/workload.ts';

const SEEDS = seeds(6, 1);
const BROKERS = [1, 2, 3];
let cluster: TestCluster;
afterEach(() => cluster.stop());

/** Something that goes wrong, and how it ends. */
interface Fault {
  readonly name: string;
  begin(): void;
  end(): void;
}

/** Is every broker up and in sync everywhere, under its present registration? */
function isWhole(): boolean {
  const { topics, brokers } = cluster.reference.government.view;
  return (
    BROKERS.every((id) => brokers.get(id)?.epoch === cluster.registrationOf(id)) &&
    [...topics.values()].every((topic) =>
      Array.from({ length: topic.partitionCount }, (_, index) => index).every(
        (index) =>
          topic.isrOf(index).length === 3 &&
          BROKERS.every((id) => cluster.replica(topic.name, index, id) !== undefined),
      ),
    )
  );
}

/** How a broker ends. */
type Death = 'is killed' | 'loses its power' | 'dies with its disk';

/** Faults of brokers, of the links between them, and of the controller. What needs a live broker finds one. */
function faults(prng: Prng): Fault[] {
  const down = new Map<number, Death>();
  const paused = new Set<number>();
  const attempts = new Map<number, number>();
  /**
   * A broker came back without its disk, or without what was not synced, and is still counted as in sync, as the cluster does not know yet. If the others
   * went now, it would be left as the last one: Kafka 3.9 then loses what it had (KIP-966), and so do we.
   */
  let refilling = false;
  const mustRest = (): boolean => {
    if (refilling && isWhole()) refilling = false;
    return refilling;
  };
  const live = (): number[] => BROKERS.filter((id) => !down.has(id) && !paused.has(id));
  const start = (id: number, death: Death): void => {
    // While there is no controller, or the old session lasts, it cannot become a member: then it is tried again.
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    cluster.restartSoon(id, death === 'dies with its disk').catch(() => {
      // A start that was killed on its way may say so when the next one is under way already.
      if (attempts.get(id) !== attempt || down.has(id)) return;
      cluster.kill(id);
      start(id, 'is killed');
    });
  };
  const kill = (death: Death): Fault => ({
    name: `a broker ${death}`,
    begin() {
      const forgets = death !== 'is killed';
      if (live().length < 3 || mustRest()) return;
      const id = prng.pick(live());
      if (forgets && !isWhole()) return;
      refilling ||= forgets;
      down.set(id, death);
      if (death === 'loses its power') cluster.powerOff(id);
      else cluster.kill(id);
    },
    end() {
      for (const [id, how] of down) if (how === death) down.delete(id) && start(id, death);
    },
  });
  return [
    kill('is killed'),
    kill('loses its power'),
    kill('dies with its disk'),
    {
      name: 'a broker hangs',
      begin() {
        if (live().length < 2) return;
        const id = prng.pick(live());
        paused.add(id);
        cluster.pause(id);
      },
      end() {
        for (const id of paused) cluster.resume(id);
        paused.clear();
      },
    },
    {
      name: 'two brokers are cut off from each other',
      begin() {
        const [one, other] = prng.shuffle([...BROKERS]);
        cluster.separate(one as number, other as number);
      },
      end: () => cluster.world.network.healAll(),
    },
    {
      name: 'the controller is lost',
      begin: () => cluster.reference.loseController(),
      end: () => cluster.reference.restoreController(),
    },
    { name: 'replies are lost', begin: () => cluster.reference.loseReplies(prng.between(1, 4)), end: () => {} },
    {
      name: 'a registration expires',
      begin() {
        if (!mustRest()) cluster.reference.expireRegistration(prng.pick(BROKERS) as NodeId);
      },
      end: () => {},
    },
  ];
}

/** Everything in a broker's log of `t-0`. */
async function held(id: number): Promise<string[]> {
  const values: string[] = [];
  const gather = async (): Promise<void> => {
    for await (const batch of cluster.replica('t', 0, id)?.log.batches() ?? []) {
      values.push(...recordsOf(batch.bytes.slice(batch.position, batch.end), 0).map(({ value }) => value));
    }
  };
  await cluster.run(gather());
  return values;
}

async function begin(seed: number) {
  const properties = { 'offsets.topic.num.partitions': '1', 'min.insync.replicas': '2' };
  cluster = await new TestCluster(3, properties, { seed, reference: { delayMsMax: 20 } }).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1);
  await findCoordinator(cluster, client, 'g');
  await cluster.untilIsr('t', 0, 3);
  await cluster.untilIsr('__consumer_offsets', 0, 3);
  const producers = [11, 12].map((id) => new Producing(cluster, 't', id).begin());
  const reader = new Reading(cluster, 't').begin();
  const group = new Committing(cluster, 'g', 't').begin();
  const churner = new Churning(cluster).begin();
  /** Stops the load and judges what it has left. */
  const judge = async (): Promise<void> => {
    await cluster.untilIsr('t', 0, 3);
    await cluster.untilIsr('__consumer_offsets', 0, 3);
    for (const worker of [...producers, reader, group, churner]) await worker.end();
    await cluster.until(() => cluster.replica('t')?.highWatermark === cluster.replica('t')?.log.endOffset);
    await cluster.until(() =>
      BROKERS.every((id) => cluster.replica('t', 0, id)?.log.endOffset === cluster.replica('t')?.log.endOffset),
    );
    const values = await cluster.run(readAll(cluster.client('judge'), await cluster.untilLeader('t'), 't'));
    for (const [index, { acknowledged }] of producers.entries()) {
      const own = values.filter((value) => value.startsWith(`${11 + index}-`));
      expect(own, `each record of producer ${11 + index} once, in order`).toEqual(acknowledged);
    }
    expect(values.slice(0, reader.seen.length)).toEqual(reader.seen);
    for (const id of BROKERS) expect(await held(id), `broker ${id}`).toEqual(values);
    await cluster.run(group.look());
    for (const broker of cluster.brokers) expect(broker.core?.logs.failedLogs).toEqual([]);
    // Of the topics that came and went nothing is left but what was set aside.
    await cluster.world.time.runFor(120_000);
    for (const id of BROKERS) {
      const left = cluster.world
        .host(`broker${id}`)
        .disk.paths()
        .filter((path) => path.includes('/churn-'));
      expect(left.filter((path) => !path.includes('-stray/'))).toEqual([]);
    }
  };
  return { producers, group, judge };
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('whatever goes wrong, no acknowledged record or offset is lost, doubled or out of place', async () => {
    const { judge } = await begin(seed);
    const prng = new Prng(seed).fork('faults');
    const all = faults(prng);
    for (let round = 0; round < 10; round++) {
      const chosen = prng.shuffle([...all]).slice(0, prng.between(1, 3));
      for (const fault of chosen) {
        fault.begin();
        await cluster.world.time.runFor(prng.between(0, 4_000));
      }
      await cluster.world.time.runFor(prng.between(0, 15_000));
      for (const fault of prng.shuffle(chosen)) {
        fault.end();
        await cluster.world.time.runFor(prng.between(0, 2_000));
      }
      await cluster.world.time.runFor(prng.between(0, 15_000));
    }
    await judge();
  }, 240_000);
});

describe('while the controller is away', () => {
  test('records flow as long as nothing has to be decided, and again once it is back', async () => {
    const { producers, group, judge } = await begin(101);
    cluster.reference.loseController();
    const before = { produced: producers[0]?.acknowledged.length ?? 0, committed: group.acknowledged };
    await cluster.world.time.runFor(30_000);
    const calm = { produced: producers[0]?.acknowledged.length ?? 0, committed: group.acknowledged };
    expect(calm.produced).toBeGreaterThan(before.produced + 50);
    expect(calm.committed).toBeGreaterThan(before.committed + 50);
    // A follower falls behind: it cannot leave the ISR, so nothing is acknowledged.
    const leader = await cluster.untilLeader('t');
    const follower = BROKERS.find((id) => id !== leader) as number;
    cluster.pause(follower);
    await cluster.world.time.runFor(60_000);
    const stalled = producers[0]?.acknowledged.length ?? 0;
    await cluster.world.time.runFor(30_000);
    expect(producers[0]?.acknowledged.length).toBe(stalled);
    expect(cluster.replica('t')?.leadership?.isr).toHaveLength(3);
    cluster.reference.restoreController();
    await cluster.until(() => (producers[0]?.acknowledged.length ?? 0) > stalled + 50);
    expect(cluster.replica('t')?.leadership?.isr).toHaveLength(2);
    cluster.resume(follower);
    await judge();
  }, 240_000);

  test('a leader may die: another one leads when it is back', async () => {
    const { producers, judge } = await begin(102);
    cluster.reference.loseController();
    const leader = await cluster.untilLeader('t');
    cluster.kill(leader);
    await cluster.world.time.runFor(30_000);
    expect(cluster.leaderOf('t', 0)).toBeUndefined();
    const stalled = producers[0]?.acknowledged.length ?? 0;
    cluster.reference.restoreController();
    await cluster.until(() => (producers[0]?.acknowledged.length ?? 0) > stalled + 50);
    await cluster.restart(leader);
    await judge();
  }, 240_000);
});

test('lost replies to changes of the ISR have no second effect', async () => {
  const { producers, judge } = await begin(103);
  for (let round = 0; round < 5; round++) {
    const leader = await cluster.untilLeader('t');
    const follower = BROKERS.find((id) => id !== leader) as number;
    cluster.reference.loseReplies(3);
    cluster.separate(leader, follower);
    await cluster.untilIsr('t', 0, 2);
    const before = producers[0]?.acknowledged.length ?? 0;
    await cluster.until(() => (producers[0]?.acknowledged.length ?? 0) > before + 20);
    cluster.reference.loseReplies(3);
    cluster.world.network.healAll();
    await cluster.untilIsr('t', 0, 3);
  }
  await judge();
}, 240_000);
