import { type ClusterDelta, NodeLists } from '@biquorum/metadata';
import type { MetadataBatch, MetadataFollower, MetadataSnapshot, VersionedRecord } from '../journal.ts';
import { MetadataImage } from './image.ts';
import type { ImageChange } from './image-change.ts';
import { ImageDraft } from './image-draft.ts';
import { viewDifference } from './view-difference.ts';

/** Who is told of leadership, besides of every change. */
export interface LeadershipListener {
  /** This node may append in `epoch`; the loader's image holds everything that is committed. */
  lead(epoch: number): void;
  /** It no longer may. */
  resign(reason: string): void;
  /** A batch is committed, and the image shows it unless a metadata transaction is open. */
  committed(batch: MetadataBatch): void;
}

/**
 * Follows the metadata log: turns what is committed into images and tells its listeners each step, in commit order.
 *
 * While a metadata transaction is open nothing is published: the last step shows the cluster as it was before. A
 * snapshot is published as one step of all that differs. Source: Java `MetadataLoader`, `MetadataBatchLoader`.
 */
export class MetadataLoader implements MetadataFollower {
  readonly #lists: NodeLists = new NodeLists();
  readonly #listeners: Set<(change: ImageChange) => void> = new Set();
  #image: MetadataImage;
  #published: MetadataImage;
  #leadership: LeadershipListener | null = null;
  #leading: number | null = null;

  constructor(clusterId: string) {
    this.#image = MetadataImage.empty(clusterId);
    this.#published = this.#image;
  }

  /** The state after the last committed batch; inside a metadata transaction its records are still pending. */
  get image(): MetadataImage {
    return this.#image;
  }

  /** The epoch that this node leads, or null. */
  get leading(): number | null {
    return this.#leading;
  }

  /** Equal lists of replicas are kept once: those who make images on top of this one's share them. */
  get lists(): NodeLists {
    return this.#lists;
  }

  /**
   * Calls `listener` for each change from now on, in commit order.
   *
   * @returns takes the listener back
   */
  onChange(listener: (change: ImageChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sets who is told of leadership; told at once when this node leads already. */
  attach(listener: LeadershipListener): void {
    this.#leadership = listener;
    if (this.#leading !== null) listener.lead(this.#leading);
  }

  commit(batch: MetadataBatch): void {
    const draft = new ImageDraft(this.#image, this.#lists);
    for (const [index, record] of batch.records.entries()) draft.replay(record, batch.baseOffset + index);
    draft.setComplete();
    const { image, delta } = draft.finish(batch.endOffset, batch.epoch);
    this.#image = image;
    // What a batch says before a transaction begins in it is in force all the same.
    if (image.transaction === null || !isEmpty(delta)) this.#publish({ delta, view: image.view, image });
    this.#leadership?.committed(batch);
  }

  restore(snapshot: MetadataSnapshot): void {
    const draft = new ImageDraft(MetadataImage.empty(this.#image.view.clusterId), this.#lists);
    const endOffset = snapshot.id.index;
    for (const record of snapshot.records) draft.replay(record, endOffset - 1);
    draft.setComplete();
    const { image } = draft.finish(endOffset, snapshot.id.epoch);
    this.#image = image;
    this.#publish({ delta: viewDifference(this.#published.view, image.view), view: image.view, image });
  }

  snapshot(): Iterable<VersionedRecord> {
    return this.#image.records();
  }

  lead(epoch: number): void {
    this.#leading = epoch;
    this.#leadership?.lead(epoch);
  }

  resign(reason: string): void {
    this.#leading = null;
    this.#leadership?.resign(reason);
  }

  #publish(step: Pick<ImageChange, 'delta' | 'view' | 'image'>): void {
    this.#published = step.image;
    const change: ImageChange = { ...step, endOffset: step.image.endOffset, epoch: step.image.epoch };
    for (const listener of this.#listeners) listener(change);
  }
}

function isEmpty(delta: ClusterDelta): boolean {
  const { brokers, topics, configs, featuresChanged, controllerChanged } = delta;
  return brokers.size + topics.length + configs.length === 0 && !featuresChanged && !controllerChanged;
}
