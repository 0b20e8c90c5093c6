export const alterReplicaLogDirsRequestTable = {
  name: 'AlterReplicaLogDirsRequest',
  type: 'request',
  apiKey: 34,
  doc: 'Moves replicas of a broker to other log directories.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-2',
  deprecatedVersions: '0',
  flexibleVersions: '2+',
  fields: [
    {
      name: 'dirs',
      type: '[]AlterReplicaLogDir',
      versions: '0+',
      fields: [
        { name: 'path', type: 'string', versions: '0+', mapKey: true },
        {
          name: 'topics',
          type: '[]AlterReplicaLogDirTopic',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
            { name: 'partitions', type: '[]int32', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;

export const alterReplicaLogDirsResponseTable = {
  name: 'AlterReplicaLogDirsResponse',
  type: 'response',
  apiKey: 34,
  doc: 'The outcome for each partition that was to move.',
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    {
      name: 'results',
      type: '[]AlterReplicaLogDirTopicResult',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]AlterReplicaLogDirPartitionResult',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'errorCode', type: 'int16', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;
