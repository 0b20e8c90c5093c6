export const addOffsetsToTxnRequestTable = {
  name: 'AddOffsetsToTxnRequest',
  type: 'request',
  apiKey: 25,
  doc: 'Makes the offsets of a consumer group part of a transaction.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-4',
  flexibleVersions: '3+',
  fields: [
    { name: 'transactionalId', type: 'string', versions: '0+', entityType: 'transactionalId' },
    { name: 'producerId', type: 'int64', versions: '0+', entityType: 'producerId' },
    { name: 'producerEpoch', type: 'int16', versions: '0+' },
    { name: 'groupId', type: 'string', versions: '0+', entityType: 'groupId' },
  ],
} as const;

export const addOffsetsToTxnResponseTable = {
  name: 'AddOffsetsToTxnResponse',
  type: 'response',
  apiKey: 25,
  doc: "Whether the group's offsets became part of the transaction.",
  validVersions: '0-4',
  flexibleVersions: '3+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
  ],
} as const;
