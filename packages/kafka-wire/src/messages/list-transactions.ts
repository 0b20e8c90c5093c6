export const listTransactionsRequestTable = {
  name: 'ListTransactionsRequest',
  type: 'request',
  apiKey: 66,
  doc: 'Asks a broker for the transactions it coordinates.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'stateFilters', type: '[]string', versions: '0+' },
    { name: 'producerIdFilters', type: '[]int64', versions: '0+', entityType: 'producerId' },
    { name: 'durationFilter', type: 'int64', versions: '1+', default: -1 },
  ],
} as const;

export const listTransactionsResponseTable = {
  name: 'ListTransactionsResponse',
  type: 'response',
  apiKey: 66,
  doc: 'Transactions that the answering broker coordinates.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'unknownStateFilters', type: '[]string', versions: '0+' },
    {
      name: 'transactionStates',
      type: '[]TransactionState',
      versions: '0+',
      fields: [
        { name: 'transactionalId', type: 'string', versions: '0+', entityType: 'transactionalId' },
        { name: 'producerId', type: 'int64', versions: '0+', entityType: 'producerId' },
        { name: 'transactionState', type: 'string', versions: '0+' },
      ],
    },
  ],
} as const;
