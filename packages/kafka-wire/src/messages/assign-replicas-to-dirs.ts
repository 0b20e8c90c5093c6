export const assignReplicasToDirsRequestTable = {
  name: 'AssignReplicasToDirsRequest',
  type: 'request',
  apiKey: 73,
  doc: 'A broker tells the controller in which log directory each of its replicas lives.',
  listeners: ['controller'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+', default: -1 },
    {
      name: 'directories',
      type: '[]DirectoryData',
      versions: '0+',
      fields: [
        { name: 'id', type: 'uuid', versions: '0+' },
        {
          name: 'topics',
          type: '[]TopicData',
          versions: '0+',
          fields: [
            { name: 'topicId', type: 'uuid', versions: '0+' },
            {
              name: 'partitions',
              type: '[]PartitionData',
              versions: '0+',
              fields: [{ name: 'partitionIndex', type: 'int32', versions: '0+' }],
            },
          ],
        },
      ],
    },
  ],
} as const;

export const assignReplicasToDirsResponseTable = {
  name: 'AssignReplicasToDirsResponse',
  type: 'response',
  apiKey: 73,
  doc: 'The outcome for each replica.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'directories',
      type: '[]DirectoryData',
      versions: '0+',
      fields: [
        { name: 'id', type: 'uuid', versions: '0+' },
        {
          name: 'topics',
          type: '[]TopicData',
          versions: '0+',
          fields: [
            { name: 'topicId', type: 'uuid', versions: '0+' },
            {
              name: 'partitions',
              type: '[]PartitionData',
              versions: '0+',
              fields: [
                { name: 'partitionIndex', type: 'int32', versions: '0+' },
                { name: 'errorCode', type: 'int16', versions: '0+' },
              ],
            },
          ],
        },
      ],
    },
  ],
} as const;
