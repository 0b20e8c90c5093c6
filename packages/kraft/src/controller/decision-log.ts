import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { NodeLists } from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import type { MetadataImage } from '../image/image.ts';
import { ImageDraft } from '../image/image-draft.ts';
import type { AppendRefusal, MetadataJournal, VersionedRecord } from '../journal.ts';
import { ControllerFault } from './fault.ts';
import type { Decision } from './situation.ts';

/** A decision that stands in the log. */
export interface Placed<T> {
  readonly reply: T;
  /** Offset of its last record; of the last record before it when it has none. */
  readonly lastOffset: number;
}

/**
 * What the active controller has appended and is not yet committed: the image after each batch, and who waits for it.
 *
 * Decisions are made on the image after the last batch. When the leadership is lost the uncommitted images are dropped
 * and those who wait are told; the committed image goes on.
 */
export class DecisionLog {
  readonly #journal: MetadataJournal;
  readonly #lists: NodeLists;
  readonly #recordsPerBatchMax: number;
  readonly #inFlight: InFlight[] = [];
  #image: MetadataImage | null = null;
  #epoch = -1;

  constructor(journal: MetadataJournal, lists: NodeLists, recordsPerBatchMax: number) {
    this.#journal = journal;
    this.#lists = lists;
    this.#recordsPerBatchMax = recordsPerBatchMax;
  }

  /** The state after everything that has been appended; null while this node is not active. */
  get image(): MetadataImage | null {
    return this.#image;
  }

  /** Batches that wait to be committed. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** From now on decisions are made on top of `committed`, in an epoch that this node leads. */
  begin(committed: MetadataImage, epoch: number): void {
    assert(this.#inFlight.length === 0, () => 'a new leadership begins with batches of the one before in flight');
    this.#image = committed;
    this.#epoch = epoch;
  }

  /** Drops what is not committed and tells those who wait for it. */
  end(): void {
    this.#image = null;
    const waiting = this.#inFlight.splice(0).flatMap(({ waiters }) => waiters);
    for (const { reject } of waiting) reject(notController());
  }

  /** Everything before `endOffset` is committed. */
  committed(endOffset: number): void {
    let count = 0;
    while (count < this.#inFlight.length && (this.#inFlight[count] as InFlight).endOffset <= endOffset) count += 1;
    const done = this.#inFlight.splice(0, count).flatMap(({ waiters }) => waiters);
    for (const { resolve } of done) resolve();
  }

  /**
   * Appends a decision and replays it on the image, in one batch if it is atomic or small enough, otherwise in several.
   *
   * @throws ControllerFault when the journal refuses; then a decision that is not atomic may have been appended in part
   */
  place<T>(decision: Decision<T>): Placed<T> {
    const { records, atomic = false, at } = decision;
    let { reply } = decision;
    if (records.length === 0) return { reply, lastOffset: this.#activeImage().endOffset - 1 };
    const max = this.#recordsPerBatchMax;
    assert(!atomic || records.length <= max, () => `${records.length} records are to be atomic; ${max} are allowed`);
    let lastOffset = -1;
    for (let first = 0; first < records.length; first += max) {
      const part = records.length <= max ? records : records.slice(first, first + max);
      lastOffset = this.#append((baseOffset) => {
        if (at === undefined) return part;
        const placed = at(baseOffset);
        reply = placed.reply;
        return placed.records;
      });
    }
    return { reply, lastOffset };
  }

  /** Resolves when everything appended so far is committed. @throws ControllerFault NOT_CONTROLLER when it may be lost */
  settled(): Promise<void> {
    const last = this.#inFlight.at(-1);
    if (last === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => last.waiters.push({ resolve, reject }));
  }

  /** Records that cannot be replayed never reach the log: on all nodes they would fail in the same way. */
  #append(build: (baseOffset: number) => readonly MetadataRecord[]): number {
    const before = this.#activeImage();
    let after = before;
    const outcome = this.#journal.append((baseOffset) => {
      const built = build(baseOffset);
      const draft = new ImageDraft(before, this.#lists);
      for (const [index, record] of built.entries()) draft.replay(record, baseOffset + index);
      draft.setComplete();
      after = draft.finish(baseOffset + built.length, this.#epoch).image;
      return built.map((record): VersionedRecord => ({ message: record, version: record.version }));
    });
    if (outcome.kind !== 'appended') throw refusal(outcome);
    this.#image = after;
    this.#inFlight.push({ endOffset: outcome.endOffset, waiters: [] });
    return outcome.endOffset - 1;
  }

  #activeImage(): MetadataImage {
    if (this.#image === null) throw notController();
    return this.#image;
  }
}

/** What everybody is told whose request this node cannot decide on, or no longer. */
export function notController(): ControllerFault {
  return new ControllerFault('NOT_CONTROLLER', 'This node is not the active controller; ask the leader of the quorum.');
}

interface InFlight {
  readonly endOffset: number;
  readonly waiters: { readonly resolve: () => void; readonly reject: (fault: ControllerFault) => void }[];
}

function refusal({ kind }: AppendRefusal): ControllerFault {
  switch (kind) {
    case 'not-leader':
      return notController();
    case 'busy':
      return new ControllerFault('REQUEST_TIMED_OUT', 'Too much waits to be committed; try again.');
    case 'too-large':
      return new ControllerFault('POLICY_VIOLATION', 'The records do not fit into one batch; ask for less at once.');
    default:
      kind satisfies never;
      return notController();
  }
}
