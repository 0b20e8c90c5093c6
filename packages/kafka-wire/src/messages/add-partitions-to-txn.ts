export const addPartitionsToTxnRequestTable = {
  name: 'AddPartitionsToTxnRequest',
  type: 'request',
  apiKey: 24,
  doc: 'Adds partitions to running transactions; brokers use it from version 4 on to verify that they were added.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-5',
  flexibleVersions: '3+',
  fields: [
    {
      name: 'transactions',
      type: '[]AddPartitionsToTxnTransaction',
      versions: '4+',
      fields: [
        { name: 'transactionalId', type: 'string', versions: '4+', mapKey: true, entityType: 'transactionalId' },
        { name: 'producerId', type: 'int64', versions: '4+', entityType: 'producerId' },
        { name: 'producerEpoch', type: 'int16', versions: '4+' },
        { name: 'verifyOnly', type: 'bool', versions: '4+' },
        { name: 'topics', type: '[]AddPartitionsToTxnTopic', versions: '4+' },
      ],
    },
    { name: 'v3AndBelowTransactionalId', type: 'string', versions: '0-3', entityType: 'transactionalId' },
    { name: 'v3AndBelowProducerId', type: 'int64', versions: '0-3', entityType: 'producerId' },
    { name: 'v3AndBelowProducerEpoch', type: 'int16', versions: '0-3' },
    { name: 'v3AndBelowTopics', type: '[]AddPartitionsToTxnTopic', versions: '0-3' },
  ],
  commonStructs: [
    {
      name: 'AddPartitionsToTxnTopic',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
  ],
} as const;

export const addPartitionsToTxnResponseTable = {
  name: 'AddPartitionsToTxnResponse',
  type: 'response',
  apiKey: 24,
  doc: 'The outcome for each partition that was to be added or verified.',
  validVersions: '0-5',
  flexibleVersions: '3+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '4+', ignorable: true },
    {
      name: 'resultsByTransaction',
      type: '[]AddPartitionsToTxnResult',
      versions: '4+',
      fields: [
        { name: 'transactionalId', type: 'string', versions: '4+', mapKey: true, entityType: 'transactionalId' },
        { name: 'topicResults', type: '[]AddPartitionsToTxnTopicResult', versions: '4+' },
      ],
    },
    { name: 'resultsByTopicV3AndBelow', type: '[]AddPartitionsToTxnTopicResult', versions: '0-3' },
  ],
  commonStructs: [
    {
      name: 'AddPartitionsToTxnTopicResult',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        { name: 'resultsByPartition', type: '[]AddPartitionsToTxnPartitionResult', versions: '0+' },
      ],
    },
    {
      name: 'AddPartitionsToTxnPartitionResult',
      versions: '0+',
      fields: [
        { name: 'partitionIndex', type: 'int32', versions: '0+', mapKey: true },
        { name: 'partitionErrorCode', type: 'int16', versions: '0+' },
      ],
    },
  ],
} as const;
