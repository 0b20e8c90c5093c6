import type { RaftMessage, ReplyMessage, RequestMessage } from '@biquorum/raft';
import { beginQuorumEpochRpc } from './begin-quorum-epoch.ts';
import { endQuorumEpochRpc } from './end-quorum-epoch.ts';
import { fetchRpc } from './fetch.ts';
import { fetchSnapshotRpc } from './fetch-snapshot.ts';
import type { QuorumRpc } from './quorum-rpc.ts';
import { updateRaftVoterRpc } from './update-raft-voter.ts';
import { voteRpc } from './vote.ts';

/** Any RPC, where it does not matter which: requests and replies are always those of one. */
export type AnyRpc = QuorumRpc<RequestMessage, ReplyMessage>;

/** The RPC that carries each request of Raft. */
const BY_TYPE: Readonly<Record<RequestMessage['type'], AnyRpc>> = {
  vote: voteRpc as AnyRpc,
  beginQuorum: beginQuorumEpochRpc as AnyRpc,
  endQuorum: endQuorumEpochRpc as AnyRpc,
  fetch: fetchRpc as AnyRpc,
  fetchSnapshot: fetchSnapshotRpc as AnyRpc,
  updateVoter: updateRaftVoterRpc as AnyRpc,
};

const BY_KEY = new Map(Object.values(BY_TYPE).map((rpc) => [rpc.apiKey, rpc]));

/** The RPC that carries a request; undefined for a reply. */
export function rpcOf(message: RaftMessage): AnyRpc | undefined {
  return BY_TYPE[message.type as RequestMessage['type']];
}

/** The RPC with an API key; undefined where it is none of Raft's. */
export function rpcByKey(apiKey: number): AnyRpc | undefined {
  return BY_KEY.get(apiKey);
}
