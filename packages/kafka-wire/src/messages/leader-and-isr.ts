export const leaderAndIsrRequestTable = {
  name: 'LeaderAndIsrRequest',
  type: 'request',
  apiKey: 4,
  doc: 'ZooKeeper mode: the controller tells a broker which partitions to lead or follow, with their in-sync replicas.',
  listeners: ['zkBroker'],
  clusterAction: true,
  validVersions: '0-7',
  flexibleVersions: '4+',
  fields: [
    { name: 'controllerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'isKRaftController', type: 'bool', versions: '7+' },
    { name: 'controllerEpoch', type: 'int32', versions: '0+' },
    { name: 'brokerEpoch', type: 'int64', versions: '2+', default: -1, ignorable: true },
    { name: 'type', type: 'int8', versions: '5+' },
    { name: 'ungroupedPartitionStates', type: '[]LeaderAndIsrPartitionState', versions: '0-1' },
    {
      name: 'topicStates',
      type: '[]LeaderAndIsrTopicState',
      versions: '2+',
      fields: [
        { name: 'topicName', type: 'string', versions: '2+', entityType: 'topicName' },
        { name: 'topicId', type: 'uuid', versions: '5+', ignorable: true },
        { name: 'partitionStates', type: '[]LeaderAndIsrPartitionState', versions: '2+' },
      ],
    },
    {
      name: 'liveLeaders',
      type: '[]LeaderAndIsrLiveLeader',
      versions: '0+',
      fields: [
        { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
        { name: 'hostName', type: 'string', versions: '0+' },
        { name: 'port', type: 'int32', versions: '0+' },
      ],
    },
  ],
  commonStructs: [
    {
      name: 'LeaderAndIsrPartitionState',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0-1', ignorable: true, entityType: 'topicName' },
        { name: 'partitionIndex', type: 'int32', versions: '0+' },
        { name: 'controllerEpoch', type: 'int32', versions: '0+' },
        { name: 'leader', type: 'int32', versions: '0+', entityType: 'brokerId' },
        { name: 'leaderEpoch', type: 'int32', versions: '0+' },
        { name: 'isr', type: '[]int32', versions: '0+', entityType: 'brokerId' },
        { name: 'partitionEpoch', type: 'int32', versions: '0+' },
        { name: 'replicas', type: '[]int32', versions: '0+', entityType: 'brokerId' },
        { name: 'addingReplicas', type: '[]int32', versions: '3+', ignorable: true, entityType: 'brokerId' },
        { name: 'removingReplicas', type: '[]int32', versions: '3+', ignorable: true, entityType: 'brokerId' },
        { name: 'isNew', type: 'bool', versions: '1+', ignorable: true },
        { name: 'leaderRecoveryState', type: 'int8', versions: '6+' },
      ],
    },
  ],
} as const;

export const leaderAndIsrResponseTable = {
  name: 'LeaderAndIsrResponse',
  type: 'response',
  apiKey: 4,
  doc: 'How a broker fared with each partition it was told to lead or follow.',
  validVersions: '0-7',
  flexibleVersions: '4+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'partitionErrors', type: '[]LeaderAndIsrPartitionError', versions: '0-4' },
    {
      name: 'topics',
      type: '[]LeaderAndIsrTopicError',
      versions: '5+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '5+', mapKey: true },
        { name: 'partitionErrors', type: '[]LeaderAndIsrPartitionError', versions: '5+' },
      ],
    },
  ],
  commonStructs: [
    {
      name: 'LeaderAndIsrPartitionError',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0-4', ignorable: true, entityType: 'topicName' },
        { name: 'partitionIndex', type: 'int32', versions: '0+' },
        { name: 'errorCode', type: 'int16', versions: '0+' },
      ],
    },
  ],
} as const;
