import type { EngineKind, EngineSetup } from '@biquorum/consensus';
import { fillMessage, messageCodec, recordCodec } from './codec.ts';
import type { QuorumRecord, RaftMessage } from './messages.ts';
import { checkOptions, DEFAULT_OPTIONS, type RaftOptions } from './options.ts';
import { CHANNEL } from './outbox.ts';
import { RaftEngine } from './raft.ts';

/**
 * Raft as an engine to choose: `createReplica({ engine: raft(), … })`.
 *
 * @param options What differs from {@link DEFAULT_OPTIONS}.
 * @throws EngineConfigError naming the setting that is out of its range.
 */
export function raft(options: Partial<RaftOptions> = {}): EngineKind<RaftMessage, QuorumRecord> {
  const all = checkOptions({ ...DEFAULT_OPTIONS, ...options });
  return {
    name: 'raft',
    capabilities: {
      voterChanges: all.dynamicVoters,
      leadershipTransfer: true,
      leaseReads: false,
      observers: true,
      preVote: all.preVote,
      applicationMessages: false,
    },
    channels: [{ name: CHANNEL, link: 'any' }],
    entryBytesMax: all.entryBytesMax,
    messages: messageCodec,
    durable: recordCodec,
    fill: fillMessage,
    create: (setup: EngineSetup<QuorumRecord>) => new RaftEngine(setup, all),
  };
}
