import { BytesError } from '@biquorum/std';
import type { Notification, ServerState } from '@biquorum/zab';
import { notification, PeerState, type Notification as Vote } from '@biquorum/zookeeper-wire';

/** A vote of the engine as a Java peer reads it, without the length before it. */
export function voteToBytes(vote: Notification): Uint8Array {
  const { state, leader, zxid, electionEpoch, peerEpoch, version, config } = vote;
  return notification.toBytes({
    state: wireStates[state],
    leader: BigInt(leader),
    zxid: BigInt(zxid),
    electionEpoch: BigInt(electionEpoch),
    peerEpoch: BigInt(peerEpoch),
    version,
    config: config === '' ? null : config,
  });
}

/**
 * A peer's vote as the engine takes it.
 *
 * @throws BytesError when it is malformed, or tells a state that there is none of
 */
export function voteFromBytes(bytes: Uint8Array): Notification {
  const vote: Vote = notification.fromBytes(bytes);
  const state = states.get(vote.state);
  if (state === undefined) throw new BytesError('out-of-range', 0, vote.state, 3, `a server of state ${vote.state}`);
  return {
    type: 'notification',
    state,
    leader: Number(vote.leader),
    zxid: Number(vote.zxid),
    electionEpoch: Number(vote.electionEpoch),
    peerEpoch: Number(vote.peerEpoch),
    version: vote.version,
    config: vote.config ?? '',
  };
}

const wireStates: Readonly<Record<ServerState, number>> = {
  looking: PeerState.LOOKING,
  following: PeerState.FOLLOWING,
  leading: PeerState.LEADING,
  observing: PeerState.OBSERVING,
};

const states: ReadonlyMap<number, ServerState> = new Map(
  Object.entries(wireStates).map(([state, value]) => [value, state as ServerState]),
);
