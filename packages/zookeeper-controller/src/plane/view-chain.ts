import type { BrokerHost } from '@biquorum/control-plane';
import { type ClusterDelta, type ClusterView, NodeLists, ViewDraft } from '@biquorum/metadata';

/** The views of a broker, each made from the one before, and handed over once the broker takes them. */
export class ViewChain {
  readonly #lists: NodeLists = new NodeLists();
  readonly #listeners: Set<() => void> = new Set();
  #view: ClusterView;
  #host: Pick<BrokerHost, 'publish'> | undefined;
  #onFault: (error: unknown) => void = () => {};

  constructor(first: ClusterView) {
    this.#view = first;
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** From now on every view is handed over; after `onFault` none is. */
  handTo(host: Pick<BrokerHost, 'publish'>, onFault: (error: unknown) => void): void {
    this.#host = host;
    this.#onFault = onFault;
  }

  /** Nothing is handed over any more. */
  close(): void {
    this.#host = undefined;
    this.#listeners.clear();
  }

  /** Called after each step. @returns what ends it */
  onStep(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the next view. */
  step(edit: (draft: ViewDraft) => void): void {
    const draft = new ViewDraft(this.#view, this.#lists);
    edit(draft);
    const { delta, view } = draft.finish();
    this.#view = view;
    const host = this.#host;
    if (host !== undefined && !isEmpty(delta)) {
      try {
        host.publish(delta, view);
      } catch (error) {
        this.#host = undefined;
        this.#onFault(error);
      }
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

function isEmpty({ brokers, topics, configs, featuresChanged, controllerChanged }: ClusterDelta): boolean {
  return brokers.size + topics.length + configs.length === 0 && !featuresChanged && !controllerChanged;
}
