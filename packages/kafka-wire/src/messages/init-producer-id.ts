export const initProducerIdRequestTable = {
  name: 'InitProducerIdRequest',
  type: 'request',
  apiKey: 22,
  doc: 'Obtains a producer id and epoch; for a transactional id it also fences earlier producers.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-5',
  flexibleVersions: '2+',
  fields: [
    {
      name: 'transactionalId',
      type: 'string',
      versions: '0+',
      nullableVersions: '0+',
      entityType: 'transactionalId',
      doc: 'Transactional id; null for a producer without transactions.',
    },
    { name: 'transactionTimeoutMs', type: 'int32', versions: '0+' },
    { name: 'producerId', type: 'int64', versions: '3+', default: -1, entityType: 'producerId' },
    { name: 'producerEpoch', type: 'int16', versions: '3+', default: -1 },
  ],
} as const;

export const initProducerIdResponseTable = {
  name: 'InitProducerIdResponse',
  type: 'response',
  apiKey: 22,
  doc: 'The producer id and epoch to use from now on.',
  validVersions: '0-5',
  flexibleVersions: '2+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+', ignorable: true },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'producerId', type: 'int64', versions: '0+', default: -1, entityType: 'producerId' },
    { name: 'producerEpoch', type: 'int16', versions: '0+' },
  ],
} as const;
