export const stopReplicaRequestTable = {
  name: 'StopReplicaRequest',
  type: 'request',
  apiKey: 5,
  doc: 'ZooKeeper mode: the controller tells a broker to stop replicas and, if asked, to delete them.',
  listeners: ['zkBroker'],
  clusterAction: true,
  validVersions: '0-4',
  flexibleVersions: '2+',
  fields: [
    { name: 'controllerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'isKRaftController', type: 'bool', versions: '4+' },
    { name: 'controllerEpoch', type: 'int32', versions: '0+' },
    { name: 'brokerEpoch', type: 'int64', versions: '1+', default: -1, ignorable: true },
    { name: 'deletePartitions', type: 'bool', versions: '0-2' },
    {
      name: 'ungroupedPartitions',
      type: '[]StopReplicaPartitionV0',
      versions: '0',
      fields: [
        { name: 'topicName', type: 'string', versions: '0', entityType: 'topicName' },
        { name: 'partitionIndex', type: 'int32', versions: '0' },
      ],
    },
    {
      name: 'topics',
      type: '[]StopReplicaTopicV1',
      versions: '1-2',
      fields: [
        { name: 'name', type: 'string', versions: '1-2', entityType: 'topicName' },
        { name: 'partitionIndexes', type: '[]int32', versions: '1-2' },
      ],
    },
    {
      name: 'topicStates',
      type: '[]StopReplicaTopicState',
      versions: '3+',
      fields: [
        { name: 'topicName', type: 'string', versions: '3+', entityType: 'topicName' },
        {
          name: 'partitionStates',
          type: '[]StopReplicaPartitionState',
          versions: '3+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '3+' },
            { name: 'leaderEpoch', type: 'int32', versions: '3+', default: -1 },
            { name: 'deletePartition', type: 'bool', versions: '3+' },
          ],
        },
      ],
    },
  ],
} as const;

export const stopReplicaResponseTable = {
  name: 'StopReplicaResponse',
  type: 'response',
  apiKey: 5,
  doc: 'How a broker fared with each replica it was told to stop.',
  validVersions: '0-4',
  flexibleVersions: '2+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'partitionErrors',
      type: '[]StopReplicaPartitionError',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0+', entityType: 'topicName' },
        { name: 'partitionIndex', type: 'int32', versions: '0+' },
        { name: 'errorCode', type: 'int16', versions: '0+' },
      ],
    },
  ],
} as const;
