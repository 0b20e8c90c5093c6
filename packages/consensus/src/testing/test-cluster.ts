import { MemoryWorld } from '@biquorum/platform/testing';
import { assert } from '@biquorum/std';
import type { Capabilities, Effect, EngineKind, EngineSetup, Input, NodeId, Peer } from '../contract.ts';
import { ReplicaError } from '../errors.ts';
import { onDisk, overTcp } from '../replica/choices.ts';
import { createReplica, type Replica, type StorageChoice } from '../replica/replica.ts';

/** What one engine was made from, was given, and answered. */
export interface Recording<Message, Durable> {
  readonly setup: EngineSetup<Durable>;
  readonly steps: { readonly input: Input<Message>; readonly effects: readonly Effect<Message, Durable>[] }[];
}

/** A list of texts, which is what the machines of the kit hold. */
interface Member {
  readonly texts: string[];
  replica: Replica<number> | null;
}

/** Replicas of one engine on hosts in memory, in virtual time: the driver, the storage and the network of production. */
export class TestCluster<Message, Durable> {
  readonly world: MemoryWorld;
  readonly peers: readonly Peer[];
  readonly recordings: Recording<Message, Durable>[] = [];
  readonly #kind: EngineKind<Message, Durable>;
  readonly #members: Map<NodeId, Member> = new Map();

  constructor(kind: EngineKind<Message, Durable>, size: number, seed: number) {
    this.#kind = kind;
    this.world = new MemoryWorld({ seed, pieces: 'whole' });
    this.peers = Array.from({ length: size }, (_, id) => ({ id, address: `member-${id}:9000` }));
    for (const { id } of this.peers) this.world.addHost(`member-${id}`).kill();
  }

  /** The ids of the members that run. */
  get running(): NodeId[] {
    return [...this.#members].filter(([, { replica }]) => replica !== null).map(([id]) => id);
  }

  /** What a member's machine holds. */
  texts(id: NodeId): readonly string[] {
    return this.#members.get(id)?.texts ?? [];
  }

  replica(id: NodeId): Replica<number> {
    const replica = this.#members.get(id)?.replica;
    assert(replica != null, () => `member ${id} does not run`);
    return replica;
  }

  /** @param options What differs from an ordinary member. */
  async start(
    id: NodeId,
    options: { readonly needs?: readonly (keyof Capabilities)[]; readonly storage?: StorageChoice } = {},
  ): Promise<void> {
    const ports = this.world.host(`member-${id}`).start();
    const member: Member = { texts: [], replica: null };
    this.#members.set(id, member);
    const decoder = new TextDecoder();
    member.replica = await createReplica({
      engine: this.#recorded(),
      id,
      peers: this.peers,
      ports,
      storage: options.storage ?? onDisk('/replica', { segmentBytes: 4096, cacheBytes: 4096 }),
      needs: options.needs ?? [],
      network: overTcp(),
      machine: {
        apply: (command) => member.texts.push(decoder.decode(command)),
        snapshot: () => new TextEncoder().encode(JSON.stringify(member.texts)),
        restore: (state) => void member.texts.splice(0, member.texts.length, ...JSON.parse(decoder.decode(state))),
      },
      onFailure: (error) => {
        throw error;
      },
    });
  }

  async startAll(): Promise<void> {
    await Promise.all(this.peers.map(({ id }) => this.start(id)));
  }

  /** Takes the power from a member. */
  powerOff(id: NodeId): void {
    this.world.host(`member-${id}`).powerOff();
    const member = this.#members.get(id);
    if (member !== undefined) member.replica = null;
  }

  /** Cuts a member off. */
  isolate(id: NodeId): void {
    this.world.network.isolate(`member-${id}`);
  }

  heal(): void {
    this.world.network.healAll();
  }

  /** The member that leads, once there is one that not only believes it: it has just answered a read. */
  async leader(): Promise<NodeId> {
    let found = -1;
    await this.until(async () => {
      for (const id of this.running) {
        if (!this.replica(id).status().leading) continue;
        try {
          await within(
            this,
            500,
            this.replica(id).read(() => 0),
          );
          found = id;
          return true;
        } catch (error) {
          if (!(error instanceof ReplicaError)) throw error;
        }
      }
      return false;
    });
    return found;
  }

  /** Has a text appended, wherever the leader is. Not to be repeated blindly: fails when the fate is unknown. */
  async append(text: string): Promise<void> {
    for (;;) {
      try {
        await this.replica(await this.leader()).propose(new TextEncoder().encode(text));
        return;
      } catch (error) {
        if (!(error instanceof ReplicaError) || error.code === 'unknown' || error.code === 'stopped') throw error;
      }
    }
  }

  /** Lets virtual time pass until the condition holds. */
  async until(condition: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
    const start = this.world.time.nowMs;
    while (!(await condition())) {
      assert(this.world.time.nowMs - start < limitMs, () => `what is waited for has not come within ${limitMs} ms`);
      await this.sleep(20);
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.world.time.after(ms, resolve));
  }

  #recorded(): EngineKind<Message, Durable> {
    return {
      ...this.#kind,
      create: (setup) => {
        // The entries can be read only once by contract; the recording needs them again.
        const kept = { ...setup, restored: { ...setup.restored, entries: [...setup.restored.entries] } };
        const engine = this.#kind.create(kept);
        const recording: Recording<Message, Durable> = { setup: kept, steps: [] };
        this.recordings.push(recording);
        return {
          step(input) {
            const effects = engine.step(input);
            recording.steps.push({ input, effects });
            return effects;
          },
          view: () => engine.view(),
        };
      },
    };
  }
}

/** The promise, or a timeout as a ReplicaError. */
function within<Value>(
  cluster: { sleep(ms: number): Promise<void> },
  ms: number,
  work: Promise<Value>,
): Promise<Value> {
  const late = cluster.sleep(ms).then((): never => {
    throw new ReplicaError('timedOut', -1);
  });
  late.catch(() => {});
  return Promise.race([work, late]);
}
