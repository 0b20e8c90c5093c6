import assert from 'node:assert';
import { uuid } from '@biquorum/kafka-wire';
import type { Disk } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import type { QuorumSettings } from '../../../src/quorum/options.ts';
import { votersCheckpoint } from '../../../src/storage-format/checkpoints.ts';
import { directoryId, LISTENER, QuorumHost } from './quorum-host.ts';
import { RecordingFollower, setRecord } from './recording-follower.ts';

const PORT = 9093;

/** Which nodes there are: static voters, and observers. */
export interface QuorumClusterOptions {
  readonly seed: number;
  readonly voters: number;
  readonly observers?: number;
  readonly settings?: Partial<QuorumSettings>;
  /** Voters stand in the log, and nodes find them by asking these servers. */
  readonly dynamic?: boolean;
  /** With `dynamic`: ids of the first voters; all by default. */
  readonly firstVoters?: readonly number[];
  readonly detectResets?: boolean;
}

/** Nodes of a quorum on hosts in memory, in virtual time. */
export class QuorumCluster {
  readonly world: MemoryWorld;
  readonly hosts: Map<number, QuorumHost> = new Map();
  readonly failures: unknown[] = [];
  /** Every value that was acknowledged. */
  readonly acknowledged: Map<string, string> = new Map();
  /** Ports of listeners that are not the usual one; takes hold at the next start. */
  readonly ports: Map<number, number> = new Map();
  readonly #options: QuorumClusterOptions;
  #written = 0;

  constructor(options: QuorumClusterOptions) {
    this.#options = options;
    this.world = new MemoryWorld({ seed: options.seed });
    for (const id of this.ids) this.world.addHost(nameOf(id)).kill();
  }

  get voters(): number[] {
    return Array.from({ length: this.#options.voters }, (_, at) => at + 1);
  }

  get ids(): number[] {
    return [...this.voters, ...Array.from({ length: this.#options.observers ?? 0 }, (_, at) => 100 + at)];
  }

  node(id: number): QuorumHost {
    const host = this.hosts.get(id);
    assert(host, `node ${id} does not run`);
    return host;
  }

  async start(...ids: readonly number[]): Promise<void> {
    await Promise.all((ids.length === 0 ? this.ids : ids).map((id) => this.#start(id)));
  }

  /** Takes the power away: what was not synced may be lost. */
  powerOff(id: number): void {
    this.world.host(nameOf(id)).powerOff();
    this.hosts.delete(id);
  }

  kill(id: number): void {
    this.world.host(nameOf(id)).kill();
    this.hosts.delete(id);
  }

  async stop(id: number): Promise<void> {
    await this.node(id).stop();
    this.kill(id);
  }

  isolate(id: number): void {
    this.world.network.isolate(nameOf(id));
  }

  /** Waits for the one active node: it leads in the newest epoch of all that lead. */
  async leader(): Promise<number> {
    let found = -1;
    await this.until(() => {
      const leading = [...this.hosts].filter(([, { follower }]) => follower.leading !== null);
      leading.sort(([, a], [, b]) => (b.follower.leading ?? 0) - (a.follower.leading ?? 0));
      const [best] = leading;
      if (best === undefined || best[1].quorum.status().role !== 'leader') return false;
      [found] = best;
      return true;
    });
    return found;
  }

  /** Sets a value through the leader and waits until it is committed there. Says whether that happened. */
  async set(name: string, value: string, id?: number): Promise<boolean> {
    const at = id ?? (await this.leader());
    const { quorum, follower } = this.node(at);
    const appended = quorum.append(() => [setRecord(name, value)]);
    if (appended.kind !== 'appended') return false;
    await this.until(() => follower.end >= appended.endOffset || follower.leading !== appended.epoch);
    if (follower.end < appended.endOffset || follower.values.get(name) !== value) return false;
    this.acknowledged.set(name, value);
    return true;
  }

  /** Sets so many new values, trying again where leaders change. */
  async write(count: number): Promise<void> {
    for (let done = 0; done < count; ) {
      const name = `key-${this.#written++}`;
      if (await this.set(name, `value of ${name}`)) done++;
      else await this.sleep(20);
    }
  }

  /** Waits until all nodes that run have been given what the leader has. */
  async level(): Promise<void> {
    const leader = this.node(await this.leader()).quorum;
    const { logEndOffset } = leader.status();
    await this.until(() => [...this.hosts.values()].every(({ follower }) => follower.end >= logEndOffset));
  }

  /** Every node that runs has every acknowledged value. */
  check(): void {
    assert.deepEqual(this.failures, []);
    for (const [id, { follower }] of this.hosts) {
      for (const [name, value] of this.acknowledged) assert.equal(follower.values.get(name), value, `${name} on ${id}`);
    }
  }

  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    const endMs = this.world.time.nowMs + limitMs;
    while (!condition()) {
      assert.deepEqual(this.failures, []);
      assert(this.world.time.nowMs < endMs, `what is waited for has not come within ${limitMs} ms`);
      await this.sleep(5);
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.world.time.after(ms, resolve));
  }

  /** Content of a file of a node. */
  async read(id: number, path: string): Promise<Uint8Array> {
    return this.world.host(nameOf(id)).ports.disk.readWhole(path, 1 << 28);
  }

  async list(id: number): Promise<string[]> {
    const { disk } = this.world.host(nameOf(id)).ports;
    return (await disk.list('/data/__cluster_metadata-0')).map(({ name }) => name);
  }

  get #firstVoters(): readonly number[] {
    return this.#options.firstVoters ?? this.voters;
  }

  /** Writes what `storage format` leaves for the first voters of a dynamic quorum. */
  async #format(disk: Disk): Promise<void> {
    const directory = '/data/__cluster_metadata-0';
    await disk.makeDirectory(directory);
    const path = `${directory}/00000000000000000000-0000000000.checkpoint`;
    if ((await disk.stat(path)) !== undefined) return;
    const voters = this.#firstVoters.map((id) => {
      return { id, directoryId: uuid(directoryId(id)), host: nameOf(id), port: PORT };
    });
    await disk.replace(
      path,
      votersCheckpoint(voters, LISTENER, () => 1_700_000_000_000),
    );
    await disk.syncDirectory('/data');
    await disk.syncDirectory('/');
  }

  async #start(id: number): Promise<void> {
    const ports = this.world.host(nameOf(id)).start();
    const { dynamic = false, settings = {}, detectResets = false } = this.#options;
    const isController = id < 100;
    if (dynamic && this.#firstVoters.includes(id)) await this.#format(ports.disk);
    const host = await QuorumHost.start(
      ports,
      new RecordingFollower(),
      {
        nodeId: id,
        directoryId: directoryId(id),
        voters: dynamic ? [] : this.voters.map((voter) => ({ id: voter, host: nameOf(voter), port: PORT })),
        bootstrapServers: dynamic ? this.voters.map((voter) => `${nameOf(voter)}:${PORT}`) : [],
        listeners: isController ? [{ name: LISTENER, host: nameOf(id), port: this.ports.get(id) ?? PORT }] : [],
        settings,
        detectResets,
      },
      (error) => this.failures.push(error),
    );
    this.hosts.set(id, host);
  }
}

export function nameOf(id: number): string {
  return `node-${id}`;
}
