import { encodeMetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { ImageChange, MetadataImage, MetadataLoader } from '@biquorum/kraft';
import { crc32c } from '@biquorum/std';
import type { Verdict } from '../verdict.ts';

/** What an image looked like at an offset, on the node that reached it first. */
interface Seen {
  readonly digest: number;
  readonly epoch: number;
  readonly node: number;
}

/**
 * Equal images at equal offsets, whoever made them: from batches or from snapshots, as leader or as follower. And what
 * the images say: one leader of a partition in an epoch, epochs that never fall, an ISR of replicas with the leader in
 * it.
 */
export class ImageChecker {
  readonly #verdict: Verdict;
  readonly #byOffset: Map<number, Seen> = new Map();
  /** By topic id, partition and leader epoch. */
  readonly #leaders: Map<string, number> = new Map();
  /** Partitions with their epochs that somebody was told of. */
  readonly #told: Set<string> = new Set();
  readonly #watched: WeakSet<MetadataLoader> = new WeakSet();
  /** How many images were compared with one of another node. */
  compared = 0;

  readonly #tell: (what: string) => void;

  constructor(verdict: Verdict, tell: (what: string) => void) {
    this.#verdict = verdict;
    this.#tell = tell;
  }

  /** Watches the loader of a node that has begun to run. */
  look(node: number, loader: MetadataLoader | undefined): void {
    if (loader === undefined || this.#watched.has(loader)) return;
    this.#watched.add(loader);
    this.#check(node, loader.image);
    loader.onChange((change) => {
      this.#check(node, change.image);
      this.#checkPartitions(change);
    });
  }

  #check(node: number, image: MetadataImage): void {
    if (image.transaction !== null) return;
    const digest = digestOf(image);
    const seen = this.#byOffset.get(image.endOffset);
    if (seen === undefined) {
      this.#tell(`node ${node} is the first with metadata offset ${image.endOffset} of epoch ${image.epoch}`);
      this.#byOffset.set(image.endOffset, { digest, epoch: image.epoch, node });
      return;
    }
    this.compared += 1;
    if (seen.digest === digest && seen.epoch === image.epoch) return;
    const detail = `node ${node} and node ${seen.node} differ at offset ${image.endOffset}, epochs ${image.epoch}, ${seen.epoch}`;
    this.#verdict.violate('equal images at equal offsets', detail);
  }

  #checkPartitions({ delta, view }: ImageChange): void {
    for (const { name } of delta.topics) {
      const topic = view.topics.get(name);
      if (topic === undefined) continue;
      for (let index = 0; index < topic.partitionCount; index++) {
        const row = topic.partition(index);
        if (row === undefined) continue;
        const { leader, leaderEpoch, isr, replicas } = row;
        if (!this.#told.has(`${topic.id}-${index}-${row.partitionEpoch}`)) {
          this.#told.add(`${topic.id}-${index}-${row.partitionEpoch}`);
          this.#tell(`${name}-${index}: leader ${leader}, epoch ${leaderEpoch}, isr ${isr} of ${replicas}`);
        }
        const where = `${name}-${index} in epoch ${leaderEpoch}`;
        if (leader >= 0) {
          const key = `${topic.id}-${index}-${leaderEpoch}`;
          const known = this.#leaders.get(key) ?? leader;
          if (known !== leader) this.#verdict.violate('one leader in an epoch', `${where}: ${known} and ${leader}`);
          this.#leaders.set(key, leader);
          if (!isr.includes(leader)) this.#verdict.violate('leaders are in sync', `${where}: ${leader} not in ${isr}`);
        }
        if (isr.length === 0 || !isr.every((id) => replicas.includes(id))) {
          this.#verdict.violate('an ISR is made of replicas', `${where}: ${isr} of ${replicas}`);
        }
      }
    }
  }
}

/** Does not depend on the order of the records: images that came another way may list them otherwise. */
function digestOf(image: MetadataImage): number {
  let digest = 0;
  for (const { message, version } of image.records()) {
    digest = (digest + crc32c(encodeMetadataRecord(message, version))) >>> 0;
  }
  return digest;
}
