import { type Log, type LogConfig, type LogManager, logConfig } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { Prng } from '@biquorum/std';
import { expect } from 'vitest';
import { EPOCH_MS, joined, randomBatch } from './batches.ts';
import { openLogs, PARTITION, readAll } from './logs.ts';
import { batchesIn, lastOfProducers, type ModelBatch, ModelLog } from './model.ts';

/** What an operation that does not come to its end may leave. */
interface Pending {
  readonly batches: readonly ModelBatch[];
  readonly durableOffset: number;
  /** Batches that it may have appended to these; their offsets are set as far as it came. */
  readonly appended?: Uint8Array;
}

/** What a run does to a log, drawn from a seed, and what the model says to it. */
export class RandomRun {
  readonly model = new ModelLog();
  readonly #prng: Prng;
  readonly #sequences = new Map<number, number>();
  #epoch = 0;
  /** Where the log began before its start fell back: of what came before, epochs and producers may be forgotten. */
  #knownFrom = 0;
  /** The log that the last step was done to. */
  #log: Log | undefined;
  /** What the operation under way may leave if it does not come to its end: the model before, and a bound. */
  pending: Pending | undefined;
  readonly config: LogConfig;

  constructor(seed: number) {
    this.#prng = new Prng(seed);
    this.config = logConfig({
      segmentBytes: this.#prng.pick([400, 1_000, 3_000]),
      indexIntervalBytes: this.#prng.pick([0, 100, 500]),
      segmentIndexBytes: this.#prng.pick([64, 10_000]),
      retentionBytes: this.#prng.pick([-1, 2_000]),
      retentionMs: -1,
      fileDeleteDelayMs: this.#prng.pick([0, 60_000]),
    });
  }

  #logs: LogManager | undefined;

  /** Opens the log; makes it at the first time. */
  async open(ports: Ports): Promise<{ readonly logs: LogManager; readonly log: Log }> {
    const logs = await openLogs(ports, { configOf: () => this.config });
    this.#logs = logs;
    return { logs, log: await logs.create(PARTITION, { topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }) };
  }

  /** Does something, and compares what came of it with the model. */
  async step(log: Log): Promise<void> {
    this.#log = log;
    const prng = this.#prng;
    const { model } = this;
    switch (prng.below(17)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.#appendAsLeader(log);
      case 4:
      case 5:
        return this.#appendAsFollower(log);
      case 6:
      case 7:
        return this.#flush(log);
      case 8:
        return this.#truncate(log, prng.between(model.startOffset, model.endOffset + 1));
      case 9:
        return log.roll();
      case 10:
        model.highWatermark = log.setHighWatermark(prng.between(model.startOffset, model.endOffset + 2));
        expect(model.highWatermark).toBeLessThanOrEqual(model.endOffset);
        return;
      case 11:
        return this.#advanceStart(log);
      case 12:
        return this.#retain(log);
      case 13:
        return this.#restartAt(log);
      case 14:
        // Where it stands at the end of the log, the next start finds nothing to make durable.
        return this.#logs?.checkpoint();
      case 15:
        return this.#lead(log);
      default:
        return this.#read(log);
    }
  }

  /** After a crash: whatever was promised is there, and nothing that was never there. The model goes on from it. */
  async verifyAfterCrash(log: Log): Promise<void> {
    const { model } = this;
    const before: Pending = this.pending ?? { batches: model.batches, durableOffset: model.durableOffset };
    this.pending = undefined;
    const found = await readAll(log, log.logStartOffset);
    const history = [...before.batches, ...batchesIn(before.appended ?? new Uint8Array(0))];
    const first = found[0];
    const from = first === undefined ? 0 : history.findIndex(({ baseOffset }) => baseOffset === first.baseOffset);
    expect(from, 'first batch is known').toBeGreaterThanOrEqual(0);
    const expected = history.slice(from, from + found.length);
    expect(found.map(({ bytes }) => bytes)).toEqual(expected.map(({ bytes }) => bytes));
    const lastDurable = history.filter(({ lastOffset }) => lastOffset < before.durableOffset).at(-1)?.lastOffset ?? -1;
    expect(log.endOffset, 'what was flushed is there').toBeGreaterThan(lastDurable);
    this.#knownFrom = Math.max(this.#knownFrom, model.startOffset, this.#log?.logStartOffset ?? 0);
    this.#adopt(log, history.slice(0, from + found.length));
    await this.verify(log);
  }

  /** Takes the log as it is for the truth. */
  #adopt(log: Log, batches: readonly ModelBatch[]): void {
    const { model } = this;
    model.batches = [...batches];
    model.startOffset = log.logStartOffset;
    model.endOffset = log.endOffset;
    model.highWatermark = log.highWatermark;
    model.durableOffset = log.recoveryPoint;
    const last = lastOfProducers(batches);
    for (const producerId of [...this.#sequences.keys()]) {
      const batch = last.get(producerId);
      if (batch === undefined) this.#sequences.delete(producerId);
      else this.#sequences.set(producerId, batch.lastSequence + 1);
    }
  }

  /** Everything that can be seen of the log agrees with the model. */
  async verify(log: Log): Promise<void> {
    const { model } = this;
    expect(log.endOffset).toBe(model.endOffset);
    expect(log.logStartOffset).toBe(model.startOffset);
    const found = await readAll(log);
    expect(found.map(({ bytes }) => bytes)).toEqual(model.live.map(({ bytes }) => bytes));
    for (const { baseOffset, leaderEpoch } of found) {
      const offset = Math.max(baseOffset, model.startOffset);
      if (offset < this.#knownFrom) continue;
      expect(log.epochForOffset(offset), `epoch at ${offset}`).toBe(leaderEpoch);
    }
    const known = new Map([...log.producers()].map((entry) => [entry.producerId, entry]));
    for (const [producerId, batch] of lastOfProducers(model.live)) {
      if (batch.lastOffset < this.#knownFrom) continue;
      expect(known.get(producerId)?.batches.at(-1)).toMatchObject({
        lastOffset: batch.lastOffset,
        lastSequence: batch.lastSequence,
      });
      expect(known.get(producerId)?.epoch).toBe(batch.producerEpoch);
    }
  }

  #appendAsLeader(log: Log): void {
    const prng = this.#prng;
    const count = prng.between(1, 4);
    const producerId = prng.pick([-1, -1, 7, 8]);
    const baseSequence = this.#sequences.get(producerId) ?? 0;
    const options = producerId === -1 ? {} : { producerId, producerEpoch: 0, baseSequence };
    const bytes = randomBatch(prng, count, prng.pick([0, 10, 60, 150]), options);
    if (prng.chance(0.2)) this.#epoch++;
    this.pending = { batches: this.model.batches, durableOffset: this.model.durableOffset, appended: bytes };
    const result = log.appendAsLeader(bytes, { leaderEpoch: this.#epoch });
    this.pending = undefined;
    if (bytes.length > this.config.segmentBytes) {
      expect(result).toMatchObject({ kind: 'rejected', error: 'RECORD_LIST_TOO_LARGE' });
      return;
    }
    if (producerId !== -1 && result.kind === 'rejected') {
      // The producer is known from before the start of the log, which the model does not look at.
      expect(result.error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
      return;
    }
    if (result.kind === 'duplicate') {
      expect(result.lastOffset).toBeLessThan(this.model.endOffset);
      return;
    }
    expect(result).toMatchObject({ kind: 'appended', firstOffset: this.model.endOffset });
    if (producerId !== -1) this.#sequences.set(producerId, baseSequence + count);
    this.model.append(bytes);
  }

  #appendAsFollower(log: Log): void {
    const prng = this.#prng;
    const batches: Uint8Array[] = [];
    // Where a leader has begun its epoch, and nothing follows at once, the model would not know.
    const isAnnounced = log.latestEpoch !== this.model.batches.at(-1)?.leaderEpoch;
    let baseOffset = this.model.endOffset + (prng.chance(0.2) && !isAnnounced ? prng.below(5) : 0);
    for (let count = prng.between(1, 4); count > 0; count--) {
      const records = prng.between(1, 3);
      if (prng.chance(0.1)) this.#epoch++;
      const options = { baseOffset, partitionLeaderEpoch: this.#epoch };
      batches.push(randomBatch(prng, records, prng.pick([0, 30, 120]), options));
      baseOffset += records + (prng.chance(0.1) ? 3 : 0);
    }
    const bytes = joined(batches);
    const whole = prng.chance(0.2) ? bytes.subarray(0, bytes.length - prng.between(1, 60)) : bytes;
    const kept = whole.length === bytes.length ? batches : batches.slice(0, -1);
    this.pending = { batches: this.model.batches, durableOffset: this.model.durableOffset, appended: joined(kept) };
    const result = log.appendAsFollower(whole);
    this.pending = undefined;
    if (kept.length === 0) expect(result.kind).toBe('rejected');
    else expect(result.kind).toBe('appended');
    for (const batch of kept) this.model.append(batch);
  }

  /** Becomes leader; half of the time another one comes before anything is appended, whose log has older epochs alone. */
  async #lead(log: Log): Promise<void> {
    await log.assignEpoch(this.#epoch + 1);
    expect(log.latestEpoch).toBe(this.#epoch + 1);
    if (this.#prng.chance(0.5)) this.#epoch++;
    else expect(await log.truncateTo(log.endOffset)).toBe(false);
  }

  async #flush(log: Log): Promise<void> {
    const { endOffset } = this.model;
    await log.flush();
    this.model.durableOffset = Math.max(this.model.durableOffset, endOffset);
    expect(log.recoveryPoint).toBeGreaterThanOrEqual(endOffset);
  }

  async #truncate(log: Log, offset: number): Promise<void> {
    const { model } = this;
    this.pending = { batches: model.batches, durableOffset: Math.min(model.durableOffset, offset) };
    const cut = await log.truncateTo(offset);
    this.pending = undefined;
    expect(cut).toBe(model.truncateTo(offset, log.endOffset));
    // Sequences of producers go back with their batches.
    const last = lastOfProducers(model.batches);
    for (const producerId of [...this.#sequences.keys()]) {
      const batch = last.get(producerId);
      if (batch === undefined) this.#sequences.delete(producerId);
      else this.#sequences.set(producerId, batch.lastSequence + 1);
    }
  }

  #advanceStart(log: Log): void {
    const { model } = this;
    const offset = this.#prng.between(model.startOffset, model.highWatermark);
    expect(log.advanceLogStart(offset)).toBe(offset > model.startOffset);
    model.startOffset = offset;
  }

  async #retain(log: Log): Promise<void> {
    const { model } = this;
    const [first = 0] = log.segmentBaseOffsets;
    await log.removeOldSegments();
    const [left = 0] = log.segmentBaseOffsets;
    expect(left).toBeGreaterThanOrEqual(first);
    expect(left === first || left <= model.highWatermark, 'nothing above the high watermark goes').toBe(true);
    expect(log.logStartOffset).toBe(Math.max(model.startOffset, left));
    model.startOffset = log.logStartOffset;
  }

  async #restartAt(log: Log): Promise<void> {
    const { model } = this;
    if (!this.#prng.chance(0.3)) return;
    const offset = this.#prng.between(0, model.endOffset + 10);
    this.pending = { batches: model.batches, durableOffset: 0 };
    await log.truncateFullyAndStartAt(offset);
    this.pending = undefined;
    model.truncateFullyAndStartAt(offset);
    this.#sequences.clear();
  }

  async #read(log: Log): Promise<void> {
    const prng = this.#prng;
    const { model } = this;
    const startOffset = prng.between(model.startOffset, model.endOffset);
    const upperBound = prng.between(startOffset, model.endOffset);
    const maxBytes = prng.pick([1, 100, 1_000, 100_000]);
    const { slice } = await log.read({ startOffset, maxBytes, upperBound, atLeastOneBatch: true });
    const wanted = model.read(startOffset, upperBound);
    if (slice === undefined) {
      expect(wanted).toEqual([]);
    } else {
      const bytes = await slice.read();
      slice.release();
      const expected = joined(wanted.map((batch) => batch.bytes));
      expect(bytes).toEqual(expected.subarray(0, bytes.length));
      const [first] = wanted;
      expect(bytes.length).toBeGreaterThanOrEqual(first?.bytes.length ?? Number.POSITIVE_INFINITY);
      expect(bytes.length).toBeLessThanOrEqual(Math.max(maxBytes, first?.bytes.length ?? 0));
    }
    await this.#lookUp(log);
  }

  async #lookUp(log: Log): Promise<void> {
    const { model } = this;
    const epoch = this.#prng.below(this.#epoch + 2);
    // Of epochs whose records are all gone, a log may or may not know where they ended.
    const known = model.live.filter(({ baseOffset }) => baseOffset >= this.#knownFrom);
    const oldest = known[0]?.leaderEpoch ?? Number.POSITIVE_INFINITY;
    // Nor does the model know of leaders that have appended nothing yet.
    const hasNewLeader = log.latestEpoch !== known.at(-1)?.leaderEpoch;
    if (epoch >= oldest && !hasNewLeader) expect(log.endOffsetForEpoch(epoch)).toEqual(model.endOffsetFor(epoch));
    const timestamp = EPOCH_MS - 100 + this.#prng.below(1_200);
    const found = await log.findByTimestamp(timestamp);
    const holder = model.live.find(({ maxTimestamp }) => maxTimestamp >= timestamp);
    if (holder === undefined) expect(found).toBeUndefined();
    else if (holder.baseOffset >= model.startOffset) {
      expect(found?.offset).toBeGreaterThanOrEqual(holder.baseOffset);
      expect(found?.offset).toBeLessThanOrEqual(holder.lastOffset);
    }
  }
}
