import type { Command } from '@biquorum/consensus';
import type { RaftMessage } from '@biquorum/raft';
import { Cluster, type Envelope, type RaftEffect } from '../support/cluster.ts';

/**
 * Plays a scenario: one command a line, `#` for comments. After each command stands what it set going, every message
 * and every transition, up to an empty line.
 *
 * `cluster <voters> [<observers>] [pre-vote]` · `tick <node> <ms>` · `deliver` (until nothing is on its way) ·
 * `drop` (all that is on its way) · `propose <node> <text>` · `read <node>` · `cut <group> / <group> …` · `heal` ·
 * `restart <node>` · `add <node> <voter>` · `remove <node> <voter>` · `transfer <node> <to>` · `resign <node>` ·
 * `snapshot <node>` · `show`
 */
export function playScenario(script: string): string {
  const player = new Player();
  const blocks = script
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line.startsWith('#') || line.startsWith('> ')))
    .filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => player.play(lines)).join('\n\n')}\n`;
}

class Player {
  #cluster = new Cluster(1);
  #out: string[] = [];

  play(lines: readonly string[]): string {
    this.#out = [];
    for (const line of lines) {
      this.#out.push(line);
      if (line.startsWith('> ')) this.#command(line.slice(2).split(' '));
    }
    return this.#out.join('\n');
  }

  #command([name = '', ...words]: readonly string[]): void {
    const id = Number(words[0]);
    switch (name) {
      case 'cluster':
        this.#start(Number(words[0]), Number(words[1] ?? 0), words.includes('pre-vote'));
        return;
      case 'tick':
        this.#cluster.node(id).tick(Number(words[1]));
        return;
      case 'deliver':
        this.#cluster.settle();
        return;
      case 'drop':
        this.#out.push(`  ${this.#cluster.queue.length} messages are lost`);
        this.#cluster.queue = [];
        return;
      case 'propose':
        this.#cluster.node(id).propose(words.slice(1).join(' '));
        return;
      case 'read':
        this.#cluster.node(id).read();
        return;
      case 'cut':
        this.#cluster.partition(
          ...words
            .join(' ')
            .split('/')
            .map((group) => group.trim().split(' ').map(Number)),
        );
        return;
      case 'heal':
        this.#cluster.heal();
        return;
      case 'restart':
        this.#cluster.node(id).restart();
        this.#watch(id);
        return;
      case 'snapshot':
        this.#cluster.node(id).step({ kind: 'snapshot', upTo: this.#cluster.node(id).view.highWatermark });
        return;
      case 'show':
        this.#show();
        return;
      default:
        this.#cluster.node(id).command(commandOf(name, Number(words[1])));
    }
  }

  #start(voters: number, observers: number, preVote: boolean): void {
    this.#cluster = new Cluster(voters, { preVote, snapshotsRetained: 1, snapshotChunkBytesMax: 20 }, observers);
    for (const { id } of this.#cluster.nodes) this.#watch(id);
    const deliver = this.#cluster.deliver.bind(this.#cluster);
    this.#cluster.deliver = (envelope: Envelope) => {
      const lost = this.#cluster.drops(envelope) ? ' (lost)' : '';
      this.#out.push(`  ${envelope.from} → ${envelope.to} ${describe(envelope.message)}${lost}`);
      deliver(envelope);
    };
  }

  /** Writes down what a node's steps lead to, besides messages. */
  #watch(id: number): void {
    const node = this.#cluster.node(id);
    const { engine } = node;
    const step = engine.step.bind(engine);
    engine.step = (input) => {
      const effects = step(input);
      for (const effect of effects) {
        const text = describeEffect(effect);
        if (text !== null) this.#out.push(`  ${id}: ${text}`);
      }
      return effects;
    };
  }

  #show(): void {
    for (const node of this.#cluster.nodes) {
      const { id, role, epoch, leader, logStart, logEnd, highWatermark, voters } = node.view;
      this.#out.push(
        `  ${id}: ${role} in ${epoch}, leader ${leader < 0 ? '-' : leader}, log ${logStart}..${logEnd}, ` +
          `committed ${highWatermark}, voters ${voters.join(' ')}, applied [${node.texts().join(', ')}]`,
      );
    }
  }
}

function commandOf(name: string, id: number): Command {
  switch (name) {
    case 'add':
      return { kind: 'addVoter', peer: { id, address: '' }, directory: `d${id}` };
    case 'remove':
      return { kind: 'removeVoter', id, directory: '' };
    case 'transfer':
      return { kind: 'transferLeadership', to: id };
    case 'resign':
      return { kind: 'resign' };
    default:
      throw new Error(`unknown command ${name}`);
  }
}

function describeEffect(effect: RaftEffect): string | null {
  switch (effect.kind) {
    case 'leadership':
      return `${effect.role} in epoch ${effect.epoch}: ${effect.reason}`;
    case 'write': {
      const { append, truncateTo, deletePrefix } = effect.write;
      if (truncateTo !== undefined) return `cuts its log to ${truncateTo}`;
      if (deletePrefix !== undefined) return `starts its log at ${deletePrefix.index}`;
      if (append !== undefined)
        return `appends ${append.map(({ index, epoch, kind }) => `${index} (epoch ${epoch}, ${kind})`).join(', ')}`;
      return null;
    }
    case 'deliver':
      return `commits up to ${effect.upTo.index}`;
    case 'restore':
      return `loads the snapshot at ${effect.snapshot.index}`;
    case 'snapshot':
      return `makes a snapshot at ${effect.id.index}`;
    case 'settle': {
      const { outcome } = effect;
      if (outcome.kind === 'refused') return `refuses: ${outcome.reason}`;
      if (outcome.kind === 'committed') return `acknowledges ${outcome.at.index}`;
      return outcome.kind === 'readable' ? `lets the read go at ${outcome.index}` : `answers ${outcome.kind}`;
    }
    default:
      return null;
  }
}

function describe(message: RaftMessage): string {
  const { type, epoch } = message;
  switch (type) {
    case 'vote':
      return `${message.preVote ? 'pre-vote' : 'vote'} for epoch ${epoch}, log ends at ${message.end} of ${message.lastEpoch}`;
    case 'voteReply':
      return `vote ${message.granted ? 'granted' : 'refused'} in epoch ${epoch}`;
    case 'fetch':
      return `fetch from ${message.offset} of ${message.lastEpoch} in epoch ${epoch}`;
    case 'fetchReply': {
      const parts = [message.error === 'none' ? `${message.entries.length} entries` : message.error];
      if (message.diverging !== null)
        parts.push(`diverging: ${message.diverging.epoch} ends at ${message.diverging.index}`);
      if (message.snapshot !== null) parts.push(`load the snapshot at ${message.snapshot.index}`);
      return `fetched: ${parts.join(', ')}, committed ${message.highWatermark}`;
    }
    case 'fetchSnapshot':
      return `fetch snapshot ${message.snapshot.index} from ${message.position}`;
    case 'fetchSnapshotReply':
      return `snapshot bytes ${message.position}..${message.position + message.bytes.length} of ${message.size}`;
    case 'endQuorum':
      return `end of epoch ${epoch}, successors ${message.successors.map(({ id }) => id).join(' ')}`;
    default:
      return 'error' in message ? `${type} ${message.error} in epoch ${epoch}` : `${type} in epoch ${epoch}`;
  }
}
