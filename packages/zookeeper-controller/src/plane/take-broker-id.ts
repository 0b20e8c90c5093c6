import { Pauses } from '@biquorum/control-plane/channel';
import type { NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { hasCode } from '../until-answered.ts';
import { generateBrokerId } from './cluster-znodes.ts';
import { type SessionSettings, Sessions } from './sessions.ts';

/**
 * Has the ensemble give a number to a broker that has none, under a session of its own.
 *
 * @throws PlaneError when no server answers in time
 */
export async function takeBrokerId(
  settings: SessionSettings,
  ports: Ports,
  timeoutMs: number,
  reservedMax: number,
): Promise<NodeId> {
  const nothing = { expired: async () => {}, renewed: async () => {} };
  const sessions = new Sessions(settings, ports, new Pauses(ports.timers), nothing);
  try {
    const deadlineMs = ports.clock.monotonicMs() + timeoutMs;
    for (;;) {
      const session = await sessions.open(deadlineMs);
      try {
        return await generateBrokerId(session, reservedMax);
      } catch (error) {
        // A session that ends is followed by another one.
        if (!hasCode(error, 'SessionExpired')) throw error;
      }
    }
  } finally {
    await sessions.close();
  }
}
