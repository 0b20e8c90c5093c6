import { Pauses } from '@biquorum/control-plane/channel';
import type { NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
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
    const session = await sessions.open(ports.clock.monotonicMs() + timeoutMs);
    return await generateBrokerId(session, reservedMax);
  } finally {
    await sessions.close();
  }
}
