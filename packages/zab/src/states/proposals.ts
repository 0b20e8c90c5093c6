import { type Entry, NO_NODE, type Outcome, type Proposal, type Refusal, type Token } from '@biquorum/consensus';
import { assert, Queue } from '@biquorum/std';
import type { Core } from '../core.ts';
import { counterOf, jumpTo, showZxid, zxidOf } from '../zxid.ts';

/** A transaction of this leader that is not committed yet. */
export interface Outstanding {
  /** Its last zxid; it is acknowledged and committed by that. */
  readonly zxid: number;
  readonly entry: Entry;
  /** Who is told when it is. */
  readonly settle: readonly { readonly token: Token; readonly outcome: Outcome }[];
}

const NOTHING = new Uint8Array(0);

/** A leader's proposals that are not committed yet, in their order, with the bytes that they hold. */
export class Proposals {
  readonly #core: Core;
  readonly #epoch: number;
  readonly #open: Queue<Outstanding> = new Queue();
  #lastZxid: number;
  #bytes = 0;
  #pressure = false;
  /** The epoch has no counters left for what was proposed. */
  #exhausted = false;

  constructor(core: Core, epoch: number) {
    this.#core = core;
    this.#epoch = epoch;
    this.#lastZxid = zxidOf(epoch, 0);
  }

  get uncommittedBytes(): number {
    return this.#bytes;
  }

  /** The last zxid given out; the start of the epoch before any is. */
  get lastZxid(): number {
    return this.#lastZxid;
  }

  /** Whether the epoch has no counters left (ZOOKEEPER-1277). */
  get exhausted(): boolean {
    return this.#exhausted || counterOf(this.#lastZxid) >= this.#core.options.counterMax;
  }

  [Symbol.iterator](): Iterator<Outstanding> {
    return this.#open[Symbol.iterator]();
  }

  /** Appends what the caps admit, all in one write. @returns What was proposed. */
  propose(batch: readonly { readonly token: Token; readonly proposal: Proposal }[]): readonly Outstanding[] {
    const proposed: Outstanding[] = [];
    for (const { token, proposal } of batch) {
      const refusal = this.#refusal(proposal);
      if (refusal !== null) {
        const { id, out } = this.#core;
        out.effect({ kind: 'settle', token, outcome: { kind: 'refused', reason: refusal, leader: id } });
        continue;
      }
      const zxid = this.#lastZxid + 1;
      const at = { epoch: this.#epoch, index: zxid };
      const payload = proposal.build(at);
      assert(
        payload.length <= proposal.bytesMax,
        () => `payload of ${payload.length} bytes at ${showZxid(zxid)}; at most ${proposal.bytesMax} were announced`,
      );
      proposed.push(this.#add('data', proposal.span, payload, [{ token, outcome: { kind: 'committed', at } }]));
    }
    this.#write(proposed);
    return proposed;
  }

  /** Appends a transaction that changes nothing and carries reads. */
  noop(tokens: readonly Token[]): readonly Outstanding[] {
    const { noop } = this.#core.options;
    const zxid = this.#lastZxid + 1;
    const payload = noop?.({ epoch: this.#epoch, index: zxid }) ?? NOTHING;
    const settle = tokens.map((token) => ({ token, outcome: { kind: 'readable', index: zxid + 1 } as const }));
    const proposed = [this.#add(noop === null ? 'control' : 'data', 1, payload, settle)];
    this.#write(proposed);
    return proposed;
  }

  /** Takes out what is committed now, in order. */
  *committed(upTo: number): Generator<Outstanding, void, void> {
    for (let head = this.#open.peek(); head !== undefined && head.zxid <= upTo; head = this.#open.peek()) {
      this.#open.shift();
      this.#bytes -= head.entry.payload.length;
      yield head;
    }
    if (this.#pressure && this.#bytes <= this.#core.options.uncommittedBytesMax / 2) this.#press(false);
  }

  /** Leadership is lost: what is not committed may or may not become so. */
  leave(): void {
    for (const { settle } of this.#open) {
      for (const { token } of settle) {
        this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'unknown', leader: NO_NODE } });
      }
    }
    this.#open.clear();
    this.#bytes = 0;
    if (this.#pressure) this.#press(false);
  }

  #refusal({ bytesMax, span }: Proposal): Refusal | null {
    const { entryBytesMax, uncommittedBytesMax } = this.#core.options;
    if (bytesMax > entryBytesMax) return 'tooLarge';
    if (counterOf(this.#lastZxid) + span > this.#core.options.counterMax) this.#exhausted = true;
    if (this.exhausted) return 'busy';
    if (this.#bytes + bytesMax <= uncommittedBytesMax) return null;
    if (!this.#pressure) this.#press(true);
    return 'busy';
  }

  #add(kind: Entry['kind'], span: number, payload: Uint8Array, settle: Outstanding['settle']): Outstanding {
    const index = this.#lastZxid + 1;
    this.#lastZxid += span;
    const proposed = { zxid: this.#lastZxid, entry: { index, span, epoch: this.#epoch, kind, payload }, settle };
    this.#bytes += payload.length;
    this.#open.push(proposed);
    return proposed;
  }

  #write(proposed: readonly Outstanding[]): void {
    const { log, out } = this.#core;
    const first = proposed[0];
    if (first === undefined) return;
    const jump = jumpTo(first.entry.index, log.end);
    const entries = proposed.map(({ entry }) => entry);
    if (jump !== null) entries.unshift(jump);
    for (const entry of entries) log.append(entry);
    out.append(entries, log.end);
  }

  #press(on: boolean): void {
    this.#pressure = on;
    this.#core.out.effect({ kind: 'pressure', on, uncommittedBytes: this.#bytes });
  }
}
