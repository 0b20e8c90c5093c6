export const describeTransactionsRequestTable = {
  name: 'DescribeTransactionsRequest',
  type: 'request',
  apiKey: 65,
  doc: 'Asks for the state of transactional ids.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'transactionalIds', type: '[]string', versions: '0+', entityType: 'transactionalId' }],
} as const;

export const describeTransactionsResponseTable = {
  name: 'DescribeTransactionsResponse',
  type: 'response',
  apiKey: 65,
  doc: 'State, producer and partitions of each transaction.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    {
      name: 'transactionStates',
      type: '[]TransactionState',
      versions: '0+',
      fields: [
        { name: 'errorCode', type: 'int16', versions: '0+' },
        { name: 'transactionalId', type: 'string', versions: '0+', entityType: 'transactionalId' },
        { name: 'transactionState', type: 'string', versions: '0+' },
        { name: 'transactionTimeoutMs', type: 'int32', versions: '0+' },
        { name: 'transactionStartTimeMs', type: 'int64', versions: '0+' },
        { name: 'producerId', type: 'int64', versions: '0+', entityType: 'producerId' },
        { name: 'producerEpoch', type: 'int16', versions: '0+' },
        {
          name: 'topics',
          type: '[]TopicData',
          versions: '0+',
          fields: [
            { name: 'topic', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
            { name: 'partitions', type: '[]int32', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;
