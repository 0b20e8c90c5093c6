import { Queue } from '@biquorum/std';
import type { Input, NodeId } from './contract.ts';

/** What waits for a driver's engine, in its order. */
export class Inbox<Message> {
  readonly #inputs: Queue<Input<Message>> = new Queue();

  get size(): number {
    return this.#inputs.size;
  }

  push(input: Input<Message>): void {
    this.#inputs.push(input);
  }

  clear(): void {
    this.#inputs.clear();
  }

  /** Takes the next input out. Proposals that wait one behind the other become one input, and so one write. */
  shift(): Input<Message> | undefined {
    const first = this.#inputs.shift();
    if (first?.kind !== 'propose' || this.#inputs.peek()?.kind !== 'propose') return first;
    const proposals = [...first.proposals];
    for (let next = this.#inputs.peek(); next?.kind === 'propose'; next = this.#inputs.peek()) {
      proposals.push(...next.proposals);
      this.#inputs.shift();
    }
    return { kind: 'propose', proposals };
  }

  /** Drops what has come from a member on a channel. */
  forget(channel: string, peer: NodeId): void {
    for (let left = this.#inputs.size; left > 0; left--) {
      const input = this.#inputs.shift() as Input<Message>;
      if (!isOf(input, channel, peer)) this.#inputs.push(input);
    }
  }
}

function isOf<Message>(input: Input<Message>, channel: string, peer: NodeId): boolean {
  switch (input.kind) {
    case 'message':
    case 'request':
      return input.channel === channel && input.from === peer;
    case 'link':
      return input.channel === channel && input.peer === peer;
    default:
      return false;
  }
}
