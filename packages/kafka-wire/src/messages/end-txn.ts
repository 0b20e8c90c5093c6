export const endTxnRequestTable = {
  name: 'EndTxnRequest',
  type: 'request',
  apiKey: 26,
  doc: 'Commits or aborts a transaction.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-4',
  flexibleVersions: '3+',
  fields: [
    { name: 'transactionalId', type: 'string', versions: '0+', entityType: 'transactionalId' },
    { name: 'producerId', type: 'int64', versions: '0+', entityType: 'producerId' },
    { name: 'producerEpoch', type: 'int16', versions: '0+' },
    { name: 'committed', type: 'bool', versions: '0+' },
  ],
} as const;

export const endTxnResponseTable = {
  name: 'EndTxnResponse',
  type: 'response',
  apiKey: 26,
  doc: 'Whether the decision was logged; the markers follow later.',
  validVersions: '0-4',
  flexibleVersions: '3+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
  ],
} as const;
