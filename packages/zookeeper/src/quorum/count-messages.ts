import type { NodeId, Transport } from '@biquorum/consensus';
import type { ZabMessage } from '@biquorum/zab';
import type { ServerMetrics } from '../metrics/server-metrics.ts';

/**
 * A transport that counts what Java counts of the packets between a leader and its learners. Source: Java
 * `LearnerHandler.run`, `Follower.processPacket`, `Observer.processPacket`.
 *
 * @param isObserver whether this server is one
 */
export function countMessages(
  transport: Transport<ZabMessage>,
  { counters, summaries }: ServerMetrics,
  isObserver: boolean,
  monotonicMs: () => number,
): Transport<ZabMessage> {
  const syncTime = isObserver ? summaries.observer_sync_time : summaries.follower_sync_time;
  /** Since when a leader brings this server to its history; Java counts proposals and commits behind that alone. */
  let syncingSinceMs: number | null = null;
  const sent = ({ type }: ZabMessage): void => {
    if (type === 'snap') counters.snap_count.value++;
    else if (type === 'diff' || type === 'trunc') counters.diff_count.value++;
  };
  const received = ({ type }: ZabMessage): void => {
    switch (type) {
      case 'diff':
      case 'trunc':
      case 'snap':
        syncingSinceMs = monotonicMs();
        return;
      case 'upToDate':
        if (syncingSinceMs !== null) syncTime.add(Math.round(monotonicMs() - syncingSinceMs));
        syncingSinceMs = null;
        return;
      case 'proposal':
        if (syncingSinceMs === null) counters.learner_proposal_received_count.value++;
        return;
      case 'commit':
      case 'inform':
        if (syncingSinceMs === null) counters.learner_commit_received_count.value++;
        return;
      default:
    }
  };
  return {
    start: (events) =>
      transport.start({
        ...events,
        message(channel, from, inReplyTo, message) {
          const taken = events.message(channel, from, inReplyTo, message);
          // What finds no room comes again.
          if (taken) received(message);
          return taken;
        },
      }),
    send(channel, to, message, request) {
      sent(message);
      transport.send(channel, to, message, request);
    },
    dial: (channel: string, to: NodeId) => transport.dial?.(channel, to),
    hangUp: (channel: string, to: NodeId) => transport.hangUp?.(channel, to),
    whenRoom: (channel: string, to: NodeId, run: () => void) => transport.whenRoom?.(channel, to, run),
    learn: (id, address) => transport.learn(id, address),
    close: () => transport.close(),
  };
}
