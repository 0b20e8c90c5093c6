import type { EventName } from '@biquorum/zookeeper-wire';

/** What a watch tells. */
export interface WatchEvent {
  readonly type: Exclude<EventName, 'None'>;
  /** As the client sees it, below its chroot. */
  readonly path: string;
  /** The transaction that fired it; −1 from servers before 3.9, and after a reconnect. */
  readonly zxid: number;
}

/** Called when a watch fires, before any answer is given out that shows the change. Must not throw. */
export type WatchHandler = (event: WatchEvent) => void;
