import type { EngineKind, EngineSetup } from '@biquorum/consensus';
import { epochsCodec, fillMessage, messageCodec } from './codec.ts';
import type { Epochs, ZabMessage } from './messages.ts';
import { checkOptions, DEFAULT_OPTIONS, type ZabOptions } from './options.ts';
import { ELECTION, LEARNER } from './outbox.ts';
import { ZabEngine } from './zab.ts';

/**
 * ZAB as an engine to choose: `createReplica({ engine: zab(), … })`.
 *
 * @param options What differs from {@link DEFAULT_OPTIONS}.
 * @throws EngineConfigError naming the setting that is out of its range.
 */
export function zab(options: Partial<ZabOptions> = {}): EngineKind<ZabMessage, Epochs> {
  const all = checkOptions({ ...DEFAULT_OPTIONS, ...options });
  return {
    name: 'zab',
    capabilities: {
      voterChanges: false,
      leadershipTransfer: false,
      leaseReads: false,
      observers: true,
      preVote: false,
      applicationMessages: true,
    },
    channels: [
      { name: ELECTION, link: 'newest' },
      { name: LEARNER, link: 'fifo' },
    ],
    entryBytesMax: all.entryBytesMax,
    messages: messageCodec,
    durable: epochsCodec,
    fill: fillMessage,
    create: (setup: EngineSetup<Epochs>) => new ZabEngine(setup, all),
  };
}
