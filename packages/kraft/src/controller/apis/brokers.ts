import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import {
  type AssignReplicasToDirsRequest,
  type AssignReplicasToDirsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import {
  type BrokerHeartbeatRequest,
  type BrokerHeartbeatResponse,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '@biquorum/kafka-wire/messages/broker-heartbeat';
import {
  type BrokerRegistrationRequest,
  type BrokerRegistrationResponse,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/broker-registration';
import {
  type ControllerRegistrationRequest,
  type ControllerRegistrationResponse,
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/controller-registration';
import {
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '@biquorum/kafka-wire/messages/unregister-broker';
import { type HeartbeatReply, heartbeat, registerBroker, registerController, unregisterBroker } from '../brokers.ts';
import { assignReplicasToDirectories } from '../directories.ts';
import { ControllerFault } from '../fault.ts';
import { allocateProducerIds } from '../producer-ids.ts';
import type { ApiDefinition, ApiHost } from './api.ts';

export const brokerRegistrationApi: ApiDefinition<BrokerRegistrationRequest, BrokerRegistrationResponse> = {
  request: brokerRegistrationRequest,
  response: brokerRegistrationResponse,
  needs: 'ClusterAction',
  async respond(host, body) {
    const policy = { clusterId: host.clusterId, kraftVersion: host.kraftVersion() };
    const { epoch } = await host.decide(
      (situation) => registerBroker(situation, body, policy),
      ({ fenced, isNewIncarnation }) => {
        host.heartbeats().register(body.brokerId, fenced, isNewIncarnation);
        host.sessionsChanged();
      },
    );
    return { brokerEpoch: epoch };
  },
  fail: ({ code }) => ({ errorCode: code, brokerEpoch: -1 }),
};

export const brokerHeartbeatApi: ApiDefinition<BrokerHeartbeatRequest, BrokerHeartbeatResponse> = {
  request: brokerHeartbeatRequest,
  response: brokerHeartbeatResponse,
  needs: 'ClusterAction',
  async respond(host, body) {
    for (;;) {
      const { isDone, isCaughtUp, isFenced, shouldShutDown } = await decideOnHeartbeat(host, body);
      if (isDone) return { isCaughtUp, isFenced, shouldShutDown };
    }
  },
  fail: ({ code }) => ({ errorCode: code }),
};

async function decideOnHeartbeat(host: ApiHost, body: BrokerHeartbeatRequest): Promise<HeartbeatReply> {
  try {
    return await host.decide(
      (situation) => heartbeat(situation, body),
      (reply, lastOffset) => {
        const heartbeats = host.heartbeats();
        if (reply.isDone) heartbeats.touch(body.brokerId, reply.isFenced, body.currentMetadataOffset);
        else heartbeats.heard(body.brokerId);
        if (reply.inControlledShutdown) heartbeats.noteShutdownOffset(body.brokerId, lastOffset);
        host.sessionsChanged();
        if (reply.leavesMore) host.settlePartitions();
      },
    );
  } catch (thrown) {
    // The journal has no room: that must not cost the broker its session.
    if (thrown instanceof ControllerFault && thrown.error === 'REQUEST_TIMED_OUT') {
      host.heartbeats().heard(body.brokerId);
    }
    throw thrown;
  }
}

export const unregisterBrokerApi: ApiDefinition<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  request: unregisterBrokerRequest,
  response: unregisterBrokerResponse,
  needs: 'Alter',
  async respond(host, { brokerId }) {
    const forget = (isDone: boolean): void => {
      if (!isDone) return;
      host.heartbeats().remove(brokerId);
      host.sessionsChanged();
    };
    while (!(await host.decide((situation) => unregisterBroker(situation, brokerId), forget)));
    return {};
  },
  fail: ({ code }) => ({ errorCode: code }),
};

export const allocateProducerIdsApi: ApiDefinition<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  request: allocateProducerIdsRequest,
  response: allocateProducerIdsResponse,
  needs: 'ClusterAction',
  respond: async (host, body) => await host.decide((situation) => allocateProducerIds(situation, body)),
  fail: ({ code }) => ({ errorCode: code }),
};

export const controllerRegistrationApi: ApiDefinition<ControllerRegistrationRequest, ControllerRegistrationResponse> = {
  request: controllerRegistrationRequest,
  response: controllerRegistrationResponse,
  needs: 'ClusterAction',
  async respond(host, body) {
    await host.decide((situation) => registerController(situation, body));
    return {};
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message }),
};

export const assignReplicasToDirsApi: ApiDefinition<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> = {
  request: assignReplicasToDirsRequest,
  response: assignReplicasToDirsResponse,
  needs: 'ClusterAction',
  respond: async (host, body) => await host.decide((situation) => assignReplicasToDirectories(situation, body)),
  fail: ({ code }) => ({ errorCode: code }),
};
