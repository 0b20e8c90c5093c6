import type { Entry, Outcome, Proposal, Refusal, Token } from '@biquorum/consensus';
import { assert, Queue } from '@biquorum/std';
import type { Core } from '../core.ts';

/** An entry of this leader that is not committed yet. */
interface Open {
  /** What to settle when it is; null for the leader's own entries. */
  readonly token: Token | null;
  readonly outcome: Outcome;
  readonly end: number;
  readonly bytes: number;
}

/** A leader's uncommitted entries: who waits for them, and how many bytes they are. */
export class Proposals {
  readonly #core: Core;
  readonly #epoch: number;
  readonly #open: Queue<Open> = new Queue();
  #bytes = 0;
  #pressure = false;

  constructor(core: Core, epoch: number) {
    this.#core = core;
    this.#epoch = epoch;
  }

  get uncommittedBytes(): number {
    return this.#bytes;
  }

  /** Appends what the caps admit, all in one write. */
  propose(batch: readonly { readonly token: Token; readonly proposal: Proposal }[]): void {
    const entries: Entry[] = [];
    for (const { token, proposal } of batch) {
      const refusal = this.#refusal(proposal);
      if (refusal !== null) {
        const leader = this.#core.id;
        this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'refused', reason: refusal, leader } });
        continue;
      }
      const at = { epoch: this.#epoch, index: this.#core.log.end };
      const payload = proposal.build(at);
      assert(
        payload.length <= proposal.bytesMax,
        () => `payload of ${payload.length} bytes at ${at.index}; at most ${proposal.bytesMax} were announced`,
      );
      entries.push(this.#entry(proposal.span, 'data', payload, token, { kind: 'committed', at }));
    }
    if (entries.length > 0) this.#core.out.append(entries, this.#core.log.end);
  }

  /** Appends an entry of the engine's own; caps do not apply. */
  control(span: number, payload: Uint8Array, token: Token | null): void {
    const entry = this.#entry(span, 'control', payload, token, { kind: 'done' });
    this.#core.out.append([entry], this.#core.log.end);
  }

  /** Settles what the high watermark has passed. */
  committed(highWatermark: number): void {
    for (let head = this.#open.peek(); head !== undefined && head.end <= highWatermark; head = this.#open.peek()) {
      this.#open.shift();
      this.#bytes -= head.bytes;
      if (head.token !== null) this.#core.out.effect({ kind: 'settle', token: head.token, outcome: head.outcome });
    }
    if (this.#pressure && this.#bytes <= this.#core.options.uncommittedBytesMax / 2) this.#press(false);
  }

  /** Leadership is lost: what is not committed may or may not become so. */
  leave(): void {
    for (const { token } of this.#open) {
      if (token !== null) this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'unknown', leader: -1 } });
    }
    this.#open.clear();
    this.#bytes = 0;
    if (this.#pressure) this.#press(false);
  }

  #refusal({ bytesMax }: Proposal): Refusal | null {
    const { entryBytesMax, uncommittedBytesMax } = this.#core.options;
    if (bytesMax > entryBytesMax) return 'tooLarge';
    if (this.#bytes + bytesMax <= uncommittedBytesMax) return null;
    if (!this.#pressure) this.#press(true);
    return 'busy';
  }

  #entry(span: number, kind: Entry['kind'], payload: Uint8Array, token: Token | null, outcome: Outcome): Entry {
    const { log } = this.#core;
    const entry: Entry = { index: log.end, span, epoch: this.#epoch, kind, payload };
    log.append(entry);
    this.#bytes += payload.length;
    this.#open.push({ token, outcome, end: log.end, bytes: payload.length });
    return entry;
  }

  #press(on: boolean): void {
    this.#pressure = on;
    this.#core.out.effect({ kind: 'pressure', on, uncommittedBytes: this.#bytes });
  }
}
