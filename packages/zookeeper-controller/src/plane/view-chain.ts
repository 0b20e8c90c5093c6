import type { BrokerHost } from '@biquorum/control-plane';
import { type ClusterDelta, type ClusterView, NodeLists, ViewDraft } from '@biquorum/metadata';

/** The views of a broker, each made from the one before, and handed over once the broker takes them. */
export class ViewChain {
  readonly #lists: NodeLists = new NodeLists();
  readonly #listeners: Set<() => void> = new Set();
  #view: ClusterView;
  #host: Pick<BrokerHost, 'publish'> | undefined;
  /** Steps since the first view was given away, while there is nobody to take them. */
  #pending: Step[] | undefined;
  #onFault: (error: unknown) => void = () => {};

  constructor(first: ClusterView) {
    this.#view = first;
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** The view that the broker begins with; all that follow are kept until they can be handed over. */
  giveFirst(): ClusterView {
    this.#pending = [];
    return this.#view;
  }

  /** From now on every view is handed over; after `onFault` none is. */
  handTo(host: Pick<BrokerHost, 'publish'>, onFault: (error: unknown) => void): void {
    const pending = this.#pending ?? [];
    this.#pending = undefined;
    this.#host = host;
    this.#onFault = onFault;
    for (const step of pending) this.#publish(step);
  }

  /** Nothing is handed over any more. */
  close(): void {
    this.#host = undefined;
    this.#pending = undefined;
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
    if (!isEmpty(delta)) {
      this.#pending?.push({ delta, view });
      this.#publish({ delta, view });
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #publish({ delta, view }: Step): void {
    try {
      this.#host?.publish(delta, view);
    } catch (error) {
      this.#host = undefined;
      this.#onFault(error);
    }
  }
}

interface Step {
  readonly delta: ClusterDelta;
  readonly view: ClusterView;
}

function isEmpty({ brokers, topics, configs, featuresChanged, controllerChanged }: ClusterDelta): boolean {
  return brokers.size + topics.length + configs.length === 0 && !featuresChanged && !controllerChanged;
}
