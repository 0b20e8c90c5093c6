import type { Telemetry } from '@biquorum/platform';
import { formatZxid, type LoggedTxn, type Zxid } from '@biquorum/zookeeper-wire';
import type { MetricCounter } from '../metrics/server-metrics.ts';
import type { DataTree } from '../tree/data-tree.ts';
import { DIGEST_VERSION } from '../tree/digest.ts';

/** What a {@link DigestHistory} counts, and where it tells of it. */
export interface DigestSurroundings {
  readonly mismatches: MetricCounter;
  readonly telemetry: Pick<Telemetry, 'log'> | undefined;
  monotonicMs(): number;
}

/** A digest of the tree after a transaction. */
export interface DigestEntry {
  readonly zxid: Zxid;
  readonly digest: bigint;
}

const INTERVAL_ZXIDS = 128;
const ENTRIES_MAX = 1_024;
/** An operator is told once in a quarter of an hour. Source: Java `DataTree.RATE_LOGGER`. */
const TOLD_EVERY_MS = 15 * 60 * 1_000;

/**
 * Compares the tree with what its transactions foretold, and keeps digests of it. Source: Java
 * `DataTree.compareDigest`, `logZxidDigest`.
 */
export class DigestHistory {
  readonly #tree: DataTree;
  readonly #surroundings: DigestSurroundings;
  readonly #entries: DigestEntry[] = [];
  #toldMs = Number.NEGATIVE_INFINITY;
  /** Mismatches since the last that was told. */
  #untold = 0;

  constructor(tree: DataTree, surroundings: DigestSurroundings) {
    this.#tree = tree;
    this.#surroundings = surroundings;
  }

  /** One for every 128 zxids, the oldest first: two servers can compare theirs. */
  get entries(): readonly DigestEntry[] {
    return this.#entries;
  }

  /** A transaction was applied. Nothing ends when the tree is not as foretold, as in Java: an operator must look. */
  applied({ header: { zxid }, digest }: LoggedTxn): void {
    const comparable = digest?.version === DIGEST_VERSION && zxid >= this.#tree.aheadUntil;
    if (comparable && digest.treeDigest !== this.#tree.digest) this.#mismatch(zxid, digest.treeDigest);
    if (zxid % INTERVAL_ZXIDS !== 0) return;
    this.#entries.push({ zxid, digest: this.#tree.digest });
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
  }

  #mismatch(zxid: Zxid, expected: bigint): void {
    const { mismatches, telemetry, monotonicMs } = this.#surroundings;
    mismatches.value++;
    this.#untold++;
    const nowMs = monotonicMs();
    if (nowMs - this.#toldMs < TOLD_EVERY_MS) return;
    this.#toldMs = nowMs;
    telemetry?.log('error', 'the tree is not what its transactions foretold', {
      zxid: formatZxid(zxid),
      expected: expected.toString(16),
      found: this.#tree.digest.toString(16),
      times: this.#untold,
    });
    this.#untold = 0;
  }
}
