import { errorCode } from '@biquorum/kafka-wire';
import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import {
  type ControlledShutdownRequest,
  type ControlledShutdownResponse,
  controlledShutdownRequest,
  controlledShutdownResponse,
} from '@biquorum/kafka-wire/messages/controlled-shutdown';
import {
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '@biquorum/kafka-wire/messages/update-features';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import { shutDown } from '../controlled-shutdown.ts';
import { updateFeatures } from '../features.ts';
import { allocateProducerIds } from '../producer-ids.ts';
import type { ApiDefinition } from './api.ts';

export const controlledShutdownApi: ApiDefinition<ControlledShutdownRequest, ControlledShutdownResponse> = {
  request: controlledShutdownRequest,
  response: controlledShutdownResponse,
  needs: 'ClusterAction',
  async respond(controller, { brokerId, brokerEpoch }) {
    const left = await controller.decide('ControlledShutdown', ({ core }) =>
      shutDown(core, brokerId as NodeId, brokerEpoch as BrokerEpoch),
    );
    return { remainingPartitions: left.map(({ topic, index }) => ({ topicName: topic.name, partitionIndex: index })) };
  },
  // To a broker that is about to stop Java says that the controller has moved.
  fail: ({ error, code }) => ({ errorCode: error === 'NOT_CONTROLLER' ? errorCode('STALE_CONTROLLER_EPOCH') : code }),
};

export const allocateProducerIdsApi: ApiDefinition<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  request: allocateProducerIdsRequest,
  response: allocateProducerIdsResponse,
  needs: 'ClusterAction',
  async respond(controller, { brokerId, brokerEpoch }) {
    const { first, count } = await controller.decide('AllocateProducerIds', ({ core }) =>
      allocateProducerIds(core, brokerId as NodeId, brokerEpoch as BrokerEpoch),
    );
    return { producerIdStart: first, producerIdLen: count };
  },
  fail: ({ code }) => ({ errorCode: code }),
};

export const updateFeaturesApi: ApiDefinition<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  request: updateFeaturesRequest,
  response: updateFeaturesResponse,
  needs: 'Alter',
  respond: (controller, body) => controller.decide('UpdateFeatures', ({ core }) => updateFeatures(core, body)),
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message }),
};
