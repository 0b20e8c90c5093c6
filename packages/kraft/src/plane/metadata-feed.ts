import type { BrokerHost, PlaneFault, ReplicaChange } from '@biquorum/control-plane';
import { type ClusterDelta, type ClusterView, emptyView, type PartitionIndex, type TopicId } from '@biquorum/metadata';
import type { Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { ImageChange } from '../image/image-change.ts';
import type { MetadataSource } from './metadata-source.ts';
import { allPartitions, replicaChanges } from './replica-changes.ts';

/** What hands metadata over to one broker. */
export interface MetadataFeedParts {
  readonly host: BrokerHost;
  readonly loader: MetadataSource['loader'];
  readonly timers: Timers;
  /** The broker could not take something: nothing more is handed over. */
  readonly onFault: (fault: PlaneFault) => void;
}

/**
 * Hands committed metadata over to a broker: each view as it comes, and after it what the broker's replicas must become.
 * While an assignment is under way, what comes next is gathered into one.
 */
export class MetadataFeed {
  readonly #parts: MetadataFeedParts;
  readonly #steps: ImageChange[] = [];
  #touched: Map<TopicId, Set<PartitionIndex>> = new Map();
  #unsubscribe: () => void = () => {};
  #view: ClusterView;
  #publishedOffset = -1;
  /** The view whose assignments have been carried out; null before the first. */
  #assigned: ClusterView | null = null;
  #appliedOffset = -1;
  #scheduled = false;
  #mayAssign = false;
  #assigning = false;
  #closed = false;

  constructor(parts: MetadataFeedParts) {
    this.#parts = parts;
    this.#view = parts.loader.image.view;
  }

  /** The view that the broker was given last. */
  get view(): ClusterView {
    return this.#view;
  }

  /** Offset of the last record that it shows; −1 before the first. */
  get publishedOffset(): number {
    return this.#publishedOffset;
  }

  /** Offset of the last record whose changes the broker has carried out; −1 before the first. */
  get appliedOffset(): number {
    return this.#appliedOffset;
  }

  /** Gives the first view; all that follow are published. */
  begin(): ClusterView {
    const { loader } = this.#parts;
    this.#view = loader.image.view;
    this.#publishedOffset = loader.image.endOffset - 1;
    this.#unsubscribe = loader.onChange((change) => {
      this.#steps.push(change);
      this.#schedule();
    });
    return this.#view;
  }

  /** From now on replicas are assigned: first of all what the broker holds by its view. */
  startAssigning(): void {
    if (this.#mayAssign) return;
    this.#mayAssign = true;
    this.#schedule();
  }

  /** Nothing is handed over after it returns. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#steps.length = 0;
  }

  /** The broker is called from a turn of its own, never from within the quorum. */
  #schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#parts.timers.soon(() => {
      this.#scheduled = false;
      this.#publishAll();
      if (this.#mayAssign) void this.#assignAll();
    });
  }

  #publishAll(): void {
    for (let step = this.#steps.shift(); step !== undefined && !this.#closed; step = this.#steps.shift()) {
      const { delta, view, endOffset } = step;
      this.#note(delta, view);
      this.#view = view;
      this.#publishedOffset = endOffset - 1;
      if (isEmpty(delta)) continue;
      try {
        this.#parts.host.publish(delta, view);
      } catch (error) {
        this.#fail(`the broker could not take a view and stops: ${String(error)}`);
      }
    }
  }

  #note(delta: ClusterDelta, view: ClusterView): void {
    for (const { id, name, change, partitions } of delta.topics) {
      const touched = this.#touched.get(id) ?? new Set();
      this.#touched.set(id, touched);
      for (const index of partitions) touched.add(index);
      if (change !== 'deleted') continue;
      const known = this.#view.topics.get(name)?.id === id ? this.#view.topics.get(name) : view.topicById(id);
      for (let index = 0; index < (known?.partitionCount ?? 0); index++) touched.add(index);
      const assigned = this.#assigned?.topicById(id);
      for (let index = 0; index < (assigned?.partitionCount ?? 0); index++) touched.add(index);
    }
  }

  async #assignAll(): Promise<void> {
    if (this.#assigning) return;
    this.#assigning = true;
    while (!this.#closed && (this.#assigned !== this.#view || this.#appliedOffset < this.#publishedOffset)) {
      const [view, offset, before] = [this.#view, this.#publishedOffset, this.#assigned];
      const touched = before === null ? allPartitions(view) : this.#touched;
      this.#touched = new Map();
      const { removals, others } = replicaChanges(
        this.#parts.host.identity.id,
        before ?? emptyView(view.clusterId),
        view,
        touched,
      );
      if (!(await this.#assign(removals)) || !(await this.#assign(others))) break;
      this.#assigned = view;
      this.#appliedOffset = offset;
    }
    this.#assigning = false;
  }

  /** @returns whether to go on */
  async #assign(changes: readonly ReplicaChange[]): Promise<boolean> {
    if (changes.length === 0) return !this.#closed;
    if (this.#closed) return false;
    try {
      const outcomes = await this.#parts.host.assign(changes);
      assert(outcomes.length === changes.length, 'assign must answer every change');
    } catch (error) {
      this.#fail(`the broker could not take its replicas and stops: ${String(error)}`);
      return false;
    }
    return !this.#closed;
  }

  #fail(message: string): void {
    if (this.#closed) return;
    this.close();
    this.#parts.onFault({ code: 'fault', message });
  }
}

function isEmpty({ brokers, topics, configs, featuresChanged, controllerChanged }: ClusterDelta): boolean {
  return brokers.size + topics.length + configs.length === 0 && !featuresChanged && !controllerChanged;
}
