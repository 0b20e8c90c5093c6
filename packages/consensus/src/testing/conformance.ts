import { assert } from '@biquorum/std';
import type { Capabilities, EngineKind, NodeId } from '../contract.ts';
import { CapabilityError, ReplicaError } from '../errors.ts';
import { inMemory } from '../replica/choices.ts';
import { TestCluster } from './test-cluster.ts';

/** One thing that every engine has to do. */
export interface ConformanceCase {
  /** A sentence about behaviour. */
  readonly title: string;
  /** @throws Error saying what the engine did instead. */
  run(): Promise<void>;
}

/**
 * What an engine has to pass, to be given to any test runner:
 * `for (const { title, run } of engineConformance(raft())) test(title, run);`
 */
export function engineConformance<Message, Durable>(kind: EngineKind<Message, Durable>): readonly ConformanceCase[] {
  const on =
    (size: number, scenario: (cluster: TestCluster<Message, Durable>) => Promise<void>) => (): Promise<void> => {
      const cluster = new TestCluster(kind, size, size);
      return cluster.world.run(() => scenario(cluster));
    };
  const name = kind.name;
  return [
    {
      title: `${name}: three members elect one leader and apply the same commands in the same order`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        for (const text of ['a', 'b', 'c']) await cluster.append(text);
        await everywhere(cluster, 'a b c');
        const leading = cluster.running.filter((id) => cluster.replica(id).status().leading);
        assert(leading.length === 1, () => `members ${leading} lead`);
      }),
    },
    {
      title: `${name}: a single member serves itself`,
      run: on(1, async (cluster) => {
        await cluster.startAll();
        await cluster.append('a');
        await everywhere(cluster, 'a');
      }),
    },
    {
      title: `${name}: members that keep everything in memory agree, too, and a late one loads the snapshot`,
      run: on(3, async (cluster) => {
        await cluster.start(0, { storage: inMemory() });
        await cluster.start(1, { storage: inMemory() });
        for (let count = 0; count < 10; count++) await cluster.append(`${count}`);
        await snapshots(cluster);
        await cluster.append('last');
        await cluster.start(2, { storage: inMemory() });
        await everywhere(cluster, cluster.texts(await cluster.leader()).join(' '));
      }),
    },
    {
      title: `${name}: what was acknowledged outlives the loss of the leader and a power loss of all`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        await cluster.append('a');
        const first = await cluster.leader();
        cluster.powerOff(first);
        await cluster.append('b');
        for (const id of cluster.running) cluster.powerOff(id);
        await cluster.startAll();
        await cluster.append('c');
        await everywhere(cluster, 'a b c');
      }),
    },
    {
      title: `${name}: a leader that is cut off acknowledges nothing and answers no read, and then follows`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        await cluster.append('a');
        const old = await cluster.leader();
        cluster.isolate(old);
        const fates = [
          fate(cluster.replica(old).propose(new TextEncoder().encode('lost'))),
          fate(cluster.replica(old).read(() => 0)),
        ];
        await cluster.until(() => cluster.running.some((id) => id !== old && cluster.replica(id).status().leading));
        cluster.heal();
        await cluster.append('b');
        for (const one of fates) assert((await one) !== 'done', 'a leader of the past acknowledged something');
        await everywhere(cluster, 'a b');
      }),
    },
    {
      title: `${name}: a read sees everything that was acknowledged before it`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        for (let count = 1; count <= 20; count++) {
          await cluster.append(`${count}`);
          const leader = await cluster.leader();
          const seen = await cluster.replica(leader).read(() => cluster.texts(leader).length);
          assert(seen >= count, () => `a read saw ${seen} of ${count} commands`);
        }
      }),
    },
    {
      title: `${name}: a member that comes late loads the snapshot and what came after it`,
      run: on(3, async (cluster) => {
        await cluster.start(0);
        await cluster.start(1);
        for (let count = 0; count < 30; count++) await cluster.append(`${count}`);
        await snapshots(cluster);
        await cluster.append('last');
        await cluster.start(2);
        await everywhere(cluster, cluster.texts(await cluster.leader()).join(' '));
      }),
    },
    {
      title: `${name}: members that do not lead refuse, and name the leader`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        const leader = await cluster.leader();
        const other = cluster.running.find((id) => id !== leader) as NodeId;
        await cluster.until(() => cluster.replica(other).status().leader === leader);
        const error = await cluster
          .replica(other)
          .propose(new Uint8Array(1))
          .catch((reason: unknown) => reason);
        assert(error instanceof ReplicaError && error.code === 'notLeader', () => `it said ${error}`);
        assert(error.leader === leader, () => `it named ${error.leader}, not ${leader}`);
      }),
    },
    {
      title: `${name}: the same inputs give the same effects, and views never change afterwards`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        for (let count = 0; count < 10; count++) await cluster.append(`${count}`);
        cluster.powerOff(await cluster.leader());
        await cluster.append('more');
        for (const { setup, steps } of cluster.recordings) {
          const twin = kind.create(setup);
          for (const { input, effects } of steps) {
            const view = twin.view();
            const before = JSON.stringify(view);
            const again = twin.step(input);
            assert(text(again) === text(effects), () => `${input.kind}: ${text(again)} instead of ${text(effects)}`);
            assert(JSON.stringify(view) === before, () => `the view changed with ${input.kind}`);
          }
        }
      }),
    },
    {
      title: `${name}: writes are numbered upwards, and nothing waits for a write that was not made`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        for (let count = 0; count < 10; count++) await cluster.append(`${count}`);
        for (const { steps } of cluster.recordings) {
          let last = 0;
          for (const { effects } of steps) {
            for (const effect of effects) {
              if (effect.kind === 'write') {
                assert(effect.write.id > last, () => `write ${effect.write.id} follows ${last}`);
                last = effect.write.id;
              } else if (effect.kind === 'send' || effect.kind === 'answer') {
                assert(effect.after <= last, () => `a message waits for write ${effect.after} of ${last}`);
              }
            }
          }
        }
      }),
    },
    {
      title: `${name}: messages and durable state survive their encoding`,
      run: on(3, async (cluster) => {
        await cluster.startAll();
        for (let count = 0; count < 5; count++) await cluster.append(`${count}`);
        const leader = await cluster.leader();
        cluster.replica(leader).snapshot();
        cluster.powerOff(leader);
        await cluster.append('more');
        for (const { steps } of cluster.recordings) {
          for (const { input, effects } of steps) {
            if (input.kind === 'message' || input.kind === 'request') same(kind.messages, input.message);
            for (const effect of effects) {
              if (effect.kind === 'send' || effect.kind === 'answer') same(kind.messages, effect.message);
              if (effect.kind === 'write' && effect.write.durable !== undefined)
                same(kind.durable, effect.write.durable);
            }
          }
        }
      }),
    },
    {
      title: `${name}: a replica that needs a capability which is not declared is refused at construction`,
      run: on(1, async (cluster) => {
        for (const capability of Object.keys(kind.capabilities) as (keyof Capabilities)[]) {
          const outcome = await cluster.start(0, { needs: [capability] }).catch((error: unknown) => error);
          if (kind.capabilities[capability]) assert(outcome === undefined, () => `${capability}: it said ${outcome}`);
          else {
            const refused = outcome instanceof CapabilityError && outcome.capability === capability;
            assert(refused, () => `${capability} is not declared; construction said ${outcome}`);
          }
          cluster.powerOff(0);
        }
      }),
    },
  ];
}

/** Makes snapshots until the leader has dropped the start of its log. */
async function snapshots<Message, Durable>(cluster: TestCluster<Message, Durable>): Promise<void> {
  const leader = await cluster.leader();
  for (let round = 0; round < 3; round++) {
    await cluster.append(`round ${round}`);
    const replica = cluster.replica(leader);
    await cluster.until(() => replica.status().applied >= replica.status().highWatermark);
    replica.snapshot();
    await cluster.sleep(100);
  }
  assert(cluster.replica(leader).status().logStart > 0, 'the log still starts at 0 after three snapshots');
}

/** Waits until every member that runs holds exactly these texts. */
async function everywhere(cluster: TestClusterView, texts: string): Promise<void> {
  await cluster.until(() => cluster.running.every((id) => cluster.texts(id).join(' ') === texts));
}

/** What {@link everywhere} needs, whatever the engine. */
type TestClusterView = Pick<TestCluster<never, never>, 'until' | 'running' | 'texts'>;

async function fate(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return error instanceof ReplicaError ? error.code : `${error}`;
  }
}

function same<Value>(
  codec: { encode(value: Value): Uint8Array; decode(bytes: Uint8Array): Value },
  value: Value,
): void {
  const back = codec.decode(codec.encode(value).slice());
  assert(text(back) === text(value), () => `${text(value)} came back as ${text(back)}`);
}

/** The same text for values with the same content, whatever the order of their keys. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (one instanceof Uint8Array) return [...one].join();
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
