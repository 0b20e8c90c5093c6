import { updateRaftVoterRequest, updateRaftVoterResponse } from '@biquorum/kafka-wire/messages/update-raft-voter';
import type { UpdateVoterReply, UpdateVoterRequest } from '@biquorum/raft';
import { endpointOf, formatVoterAddress, KRAFT_VERSIONS, parseVoterAddress } from '../voter-address.ts';
import {
  addressOf,
  codeOf,
  errorOf,
  fault,
  fromUuid,
  isOtherCluster,
  listenersOf,
  type QuorumRpc,
  refusal,
  toUuid,
} from './quorum-rpc.ts';

/** UpdateRaftVoter, API 82, version 0. */
export const updateRaftVoterRpc: QuorumRpc<UpdateVoterRequest, UpdateVoterReply> = {
  apiKey: 82,
  version: 0,

  encodeRequest({ epoch, voter, address }, self) {
    const { min, max } = parseVoterAddress(address).kraftVersions ?? KRAFT_VERSIONS;
    return updateRaftVoterRequest.toBytes(
      {
        clusterId: self.clusterId,
        currentLeaderEpoch: epoch,
        voterId: voter.id,
        voterDirectoryId: toUuid(voter.directory),
        listeners: listenersOf(address, self),
        kRaftVersionFeature: { minSupportedVersion: min, maxSupportedVersion: max },
      },
      0,
    );
  },

  decodeReply(body) {
    const { errorCode, currentLeader } = updateRaftVoterResponse.fromBytes(body, 0);
    const error = errorOf(errorCode);
    const { leaderId: leader, leaderEpoch: epoch, host, port } = currentLeader;
    if (error === undefined || epoch < 0) return fault(`update of a voter answered with error ${errorCode}`);
    const leaderAddress = host === '' ? '' : addressOf([{ name: '', host, port }]);
    return { type: 'updateVoterReply', error, epoch, leader, leaderAddress };
  },

  decodeRequest(body, version, self) {
    const request = updateRaftVoterRequest.fromBytes(body, version);
    if (isOtherCluster(request.clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const { currentLeaderEpoch, voterId, voterDirectoryId, listeners, kRaftVersionFeature } = request;
    const { minSupportedVersion: min, maxSupportedVersion: max } = kRaftVersionFeature;
    const isReachable = listeners.some(({ name }) => name === self.listenerName);
    if (voterId < 0 || !isReachable || min < 0 || max < 1 || max < min) return refusal('INVALID_REQUEST');
    const message: UpdateVoterRequest = {
      type: 'updateVoter',
      epoch: currentLeaderEpoch,
      voter: { id: voterId, directory: fromUuid(voterDirectoryId) },
      address: formatVoterAddress({ endpoints: listeners, kraftVersions: { min, max } }),
    };
    return { kind: 'request', from: voterId, message };
  },

  encodeReply({ error, epoch, leader, leaderAddress }, version, self) {
    const endpoint = endpointOf(parseVoterAddress(leaderAddress), self.listenerName);
    const place = leader < 0 || endpoint === undefined ? {} : { host: endpoint.host, port: endpoint.port };
    const currentLeader = { leaderId: leader, leaderEpoch: epoch, ...place };
    return updateRaftVoterResponse.toBytes({ errorCode: codeOf(error), currentLeader }, version);
  },

  encodeRefusal: ({ errorCode }, version) => updateRaftVoterResponse.toBytes({ errorCode }, version),
};
