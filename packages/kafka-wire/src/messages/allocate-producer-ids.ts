export const allocateProducerIdsRequestTable = {
  name: 'AllocateProducerIdsRequest',
  type: 'request',
  apiKey: 67,
  doc: 'A broker asks the controller for a block of producer ids.',
  listeners: ['zkBroker', 'controller'],
  clusterAction: true,
  forwardable: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+', default: -1 },
  ],
} as const;

export const allocateProducerIdsResponseTable = {
  name: 'AllocateProducerIdsResponse',
  type: 'response',
  apiKey: 67,
  doc: 'The block of producer ids that the broker may hand out.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'producerIdStart', type: 'int64', versions: '0+', entityType: 'producerId' },
    { name: 'producerIdLen', type: 'int32', versions: '0+' },
  ],
} as const;
