import {
  CapabilityError,
  type Codec,
  createReplica,
  DiskStorage,
  type Filling,
  type Machine,
  onDisk,
  overTcp,
  type Replica,
  ReplicaError,
  type ReplicaOptions,
} from '@biquorum/consensus';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { type QuorumRecord, type RaftMessage, type RaftOptions, raft } from '@biquorum/raft';
import { expect, test } from 'vitest';

/** Remembers the texts that it is given, and says how many there are. */
class Texts implements Machine<number> {
  readonly texts: string[] = [];
  snapshots = 0;

  apply(command: Uint8Array): number {
    const text = new TextDecoder().decode(command);
    if (text === 'poison') throw new Error('no such command');
    return this.texts.push(text);
  }

  snapshot(): Uint8Array {
    this.snapshots++;
    return new TextEncoder().encode(JSON.stringify(this.texts));
  }

  restore(state: Uint8Array): void {
    this.texts.splice(0, this.texts.length, ...JSON.parse(new TextDecoder().decode(state)));
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A cluster of one on a host in memory. */
function single(
  ports: Ports,
  machine: Texts,
  settings: Partial<RaftOptions> = {},
  others: Partial<ReplicaOptions<RaftMessage, QuorumRecord, number>> = {},
): Promise<Replica<number>> {
  return createReplica({
    engine: raft(settings),
    id: 0,
    peers: [{ id: 0, address: 'one:9000' }],
    ports,
    storage: onDisk('/replica'),
    network: overTcp(),
    machine,
    ...others,
  });
}

async function until(world: MemoryWorld, condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => void world.time.after(10, resolve));
}

function inWorld(test: (world: MemoryWorld, ports: Ports) => Promise<void>): () => Promise<void> {
  return () => {
    const world = new MemoryWorld({ seed: 1 });
    const { ports } = world.addHost('one');
    return world.run(() => test(world, ports));
  };
}

test(
  'a replica may be closed twice, also at once, and its directory is free when it says that it is closed',
  inWorld(async (world, ports) => {
    const replica = await single(ports, new Texts());
    await until(world, () => replica.status().leading);
    expect(await replica.propose(bytes('a'))).toBe(1);
    await Promise.all([replica.close(), replica.close()]);
    await replica.close();
    await expect(replica.propose(bytes('late'))).rejects.toMatchObject({ code: 'stopped' });
    const machine = new Texts();
    const again = await single(ports, machine);
    await until(world, () => again.status().leading);
    expect(await again.read(() => machine.texts)).toEqual(['a']);
    await again.close();
  }),
);

test(
  'commands of one turn go into as many entries as the engine takes, not into one that it refuses',
  inWorld(async (world, ports) => {
    const machine = new Texts();
    const replica = await single(ports, machine, { entryBytesMax: 100, uncommittedBytesMax: 100_000 });
    await until(world, () => replica.status().leading);
    const texts = Array.from({ length: 50 }, (_, at) => `text number ${at}`);
    const results = await Promise.all(texts.map((text) => replica.propose(bytes(text))));
    expect(results).toEqual(texts.map((_, at) => at + 1));
    expect(machine.texts).toEqual(texts);
    await expect(replica.propose(new Uint8Array(200))).rejects.toMatchObject({ code: 'tooLarge' });
    await replica.close();
  }),
);

test(
  'a command on which the machine throws stops the replica, which says so and lets go of everything',
  inWorld(async (world, ports) => {
    const failures: unknown[] = [];
    const onFailure = (error: unknown): void => void failures.push(error);
    const replica = await single(ports, new Texts(), {}, { onFailure });
    await until(world, () => replica.status().leading);
    const poisoned = replica.propose(bytes('poison'));
    await expect(poisoned).rejects.toBeInstanceOf(ReplicaError);
    await replica.close();
    expect(failures.map(String)).toEqual(['Error: no such command']);
    await (await single(ports, new Texts(), {}, { onFailure })).close();
  }),
);

test(
  'a machine is asked for a snapshot now and then, so that the log does not grow for ever',
  inWorld(async (world, ports) => {
    const machine = new Texts();
    const limits = { snapshotEvery: 20 };
    const replica = await single(ports, machine, {}, { limits });
    await until(world, () => replica.status().leading);
    for (let at = 0; at < 100; at++) await replica.propose(bytes(`${at}`));
    await until(world, () => replica.status().logStart > 0);
    expect(machine.snapshots).toBeGreaterThan(2);
    await replica.close();
    const restored = new Texts();
    const again = await single(ports, restored, {}, { limits });
    await until(world, () => again.status().leading);
    expect(await again.read(() => restored.texts.length)).toBe(100);
    await again.close();
  }),
);

/** A disk that takes its time to read. */
class SlowToRead<Durable> extends DiskStorage<Durable> {
  override readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    super.readEntries(from, upTo, bytesMax, (filling) => void this.timers.set(300, () => done(filling)));
  }

  readonly timers: Ports['timers'];

  constructor(ports: Pick<Ports, 'disk' | 'timers'>, codec: Codec<Durable>) {
    super({ disk: ports.disk, directory: '/replica' }, codec);
    this.timers = ports.timers;
  }
}

test(
  'a read waits until the machine has applied what was committed before it',
  inWorld(async (world, ports) => {
    const first = await single(ports, new Texts());
    await until(world, () => first.status().leading);
    for (const text of ['a', 'b', 'c']) await first.propose(bytes(text));
    await first.close();
    const machine = new Texts();
    const slow = { storage: <Durable>(_: unknown, codec: Codec<Durable>) => new SlowToRead(ports, codec) };
    const again = await single(ports, machine, {}, slow);
    await until(world, () => again.status().leading && again.status().highWatermark > 3);
    expect([again.status().applied, machine.texts]).toEqual([0, []]);
    expect(await again.read(() => [...machine.texts])).toEqual(['a', 'b', 'c']);
    await again.close();
  }),
);

test(
  'what the engine does not declare is refused as a rejection, like everything else',
  inWorld(async (_, ports) => {
    const replica = await single(ports, new Texts(), { dynamicVoters: false });
    const refused = replica.addVoter({ id: 1, address: 'two:9000' }, 'disk');
    await expect(refused).rejects.toBeInstanceOf(CapabilityError);
    await expect(replica.removeVoter(0, '')).rejects.toBeInstanceOf(CapabilityError);
    await replica.close();
  }),
);

test('a member that joins later, and listens everywhere, becomes a voter under the address that it advertises', async () => {
  const world = new MemoryWorld({ seed: 2 });
  const peers = [{ id: 0, address: 'one:9000' }];
  const join = (id: number, host: string, listen?: string): Promise<Replica<number>> =>
    createReplica({
      engine: raft(),
      id,
      peers,
      ports: world.addHost(host).ports,
      storage: onDisk('/replica'),
      network: overTcp(listen === undefined ? {} : { listen, advertise: `${host}:9000` }),
      directory: `disk-${id}`,
      needs: ['voterChanges', 'observers'],
      machine: new Texts(),
    });
  await world.run(async () => {
    const first = await join(0, 'one');
    await until(world, () => first.status().leading);
    await first.propose(bytes('a'));
    const second = await join(1, 'two', '0.0.0.0:9000');
    await until(world, () => second.status().applied >= first.status().highWatermark);
    await until(world, () => first.status().peers.some(({ id, lag }) => id === 1 && lag === 0));
    await first.addVoter({ id: 1, address: 'two:9000' }, 'disk-1');
    expect(first.status().voters).toEqual([0, 1]);
    await first.transferLeadership(1);
    await until(world, () => second.status().leading);
    expect(await second.propose(bytes('b'))).toBe(2);
    // The voter set still names what was advertised: the newcomer has nothing to correct.
    const { votersIndex } = second.status();
    await new Promise<void>((resolve) => void world.time.after(10_000, resolve));
    expect(second.status().votersIndex).toBe(votersIndex);
    await Promise.all([first.close(), second.close()]);
  });
});
