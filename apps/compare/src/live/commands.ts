import type { Cluster } from '@biquorum/cluster';
import type { Journal } from './journal.ts';
import {
  type LiveCluster,
  type LiveCommand,
  type LiveMode,
  type LiveOutcome,
  type LiveTarget,
  MODES,
} from './protocol.ts';

/** One cluster, and how it stands. */
export interface Side {
  readonly cluster: Cluster;
  look(): Promise<LiveCluster>;
}

/** Does the same thing to both clusters, as far as each has what it is about. */
export class Commands {
  readonly #sides: Readonly<Record<LiveMode, Side>>;
  readonly #journal: Journal;
  readonly #topic: string;

  /** @param topic whose partitions are meant where a target names one */
  constructor(sides: Readonly<Record<LiveMode, Side>>, journal: Journal, topic: string) {
    this.#sides = sides;
    this.#journal = journal;
    this.#topic = topic;
  }

  async run(command: LiveCommand): Promise<LiveOutcome> {
    const outcomes = await Promise.all(command.modes.map(async (mode) => [mode, await this.#runIn(mode, command)]));
    return Object.fromEntries(outcomes) as LiveOutcome;
  }

  async #runIn(mode: LiveMode, command: LiveCommand): Promise<{ node: number | null } | { refused: string }> {
    const { cluster, look } = this.#sides[mode];
    if (command.action === 'heal') {
      this.#tell(mode, null, 'healed: every cut undone, every node running');
      this.#healAll(mode, cluster);
      return { node: null };
    }
    const state = await look();
    const node = nodeOf(state, command.target, this.#topic);
    if (typeof node !== 'number') return { refused: node.refused };
    const status = state.nodes.find(({ id }) => id === node)?.state ?? 'stopped';
    switch (command.action) {
      case 'kill':
        if (status === 'stopped') return { refused: `node ${node} does not run` };
        this.#tell(mode, node, 'killed');
        await cluster.kill(node);
        break;
      case 'pause':
        if (status !== 'running') return { refused: `node ${node} is ${status}` };
        this.#tell(mode, node, 'paused');
        cluster.pause(node);
        break;
      case 'cut':
        if (cluster.cutOff.includes(node)) return { refused: `node ${node} is cut off already` };
        this.#tell(mode, node, 'cut off from all other nodes');
        cluster.cut([node]);
        break;
      case 'restore':
        if (status === 'running') return { refused: `node ${node} runs` };
        this.#restore(mode, cluster, node, status);
        break;
    }
    return { node };
  }

  #healAll(mode: LiveMode, cluster: Cluster): void {
    cluster.heal();
    for (const { id, state } of cluster.nodes) if (state !== 'running') this.#restore(mode, cluster, id, state);
  }

  #restore(mode: LiveMode, cluster: Cluster, node: number, status: 'paused' | 'stopped'): void {
    this.#tell(mode, node, status === 'paused' ? 'resumed' : 'started again');
    if (status === 'paused') {
      cluster.resume(node);
      return;
    }
    // It may have to wait for its old session, or for a majority: nobody waits for it here.
    cluster.restart(node).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.#journal.tell({ mode, kind: 'trouble', node, title: 'could not be started again', detail });
    });
  }

  #tell(mode: LiveMode, node: number | null, title: string): void {
    this.#journal.tell({ mode, kind: 'fault', node, title, detail: '' });
  }
}

/**
 * Whom a target means in a cluster as it stands.
 *
 * @param topic whose partitions are meant
 */
export function nodeOf(state: LiveCluster, target: LiveTarget, topic: string): number | { readonly refused: string } {
  const voters = state.nodes.filter(({ role }) => role !== 'broker');
  switch (target.kind) {
    case 'controller':
      return state.government.controller?.id ?? { refused: 'there is no active controller' };
    case 'quorum-leader':
      return state.government.quorumLeader?.id ?? { refused: 'the quorum has no leader' };
    case 'partition-leader': {
      const known = state.partitions.find((one) => one.topic === topic && one.partition === target.partition);
      if (known === undefined || known.leader < 0) return { refused: `${topic}-${target.partition} has no leader` };
      return known.leader;
    }
    case 'broker': {
      const broker = state.nodes.find(({ id, role }) => role === 'broker' && id === target.id);
      return broker?.id ?? { refused: `there is no broker ${target.id}` };
    }
    case 'voter':
      return voters[target.index]?.id ?? { refused: `there is no voter ${target.index + 1}` };
  }
}

const ACTIONS: ReadonlySet<string> = new Set(['kill', 'pause', 'cut', 'restore']);

/** Reads what a page asks for. @returns undefined for what makes no sense */
export function readCommand(text: string): LiveCommand | undefined {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null) return undefined;
  const { action, modes, target } = told as Readonly<Record<string, unknown>>;
  if (!Array.isArray(modes) || modes.length === 0 || modes.length > MODES.length) return undefined;
  if (!modes.every((mode): mode is LiveMode => MODES.includes(mode as LiveMode))) return undefined;
  if (new Set(modes).size !== modes.length) return undefined;
  if (action === 'heal') return { action, modes };
  if (typeof action !== 'string' || !ACTIONS.has(action)) return undefined;
  const whom = readTarget(target);
  if (whom === undefined) return undefined;
  return { action: action as 'kill' | 'pause' | 'cut' | 'restore', modes, target: whom };
}

function readTarget(told: unknown): LiveTarget | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const { kind, id, index, partition } = told as Readonly<Record<string, unknown>>;
  const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (kind === 'controller' || kind === 'quorum-leader') return { kind };
  if (kind === 'partition-leader' && isWhole(partition)) return { kind, partition };
  if (kind === 'broker' && isWhole(id)) return { kind, id };
  if (kind === 'voter' && isWhole(index)) return { kind, index };
  return undefined;
}
