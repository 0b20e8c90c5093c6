export const consumerProtocolSubscriptionTable = {
  name: 'ConsumerProtocolSubscription',
  type: 'data',
  doc: 'What a classic group member of the "consumer" protocol type wants to read; bytes inside JoinGroup.',
  validVersions: '0-3',
  flexibleVersions: 'none',
  fields: [
    { name: 'topics', type: '[]string', versions: '0+' },
    { name: 'userData', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null, zeroCopy: true },
    {
      name: 'ownedPartitions',
      type: '[]TopicPartition',
      versions: '1+',
      ignorable: true,
      fields: [
        { name: 'topic', type: 'string', versions: '1+', mapKey: true, entityType: 'topicName' },
        { name: 'partitions', type: '[]int32', versions: '1+' },
      ],
    },
    { name: 'generationId', type: 'int32', versions: '2+', default: -1, ignorable: true },
    { name: 'rackId', type: 'string', versions: '3+', nullableVersions: '3+', default: null, ignorable: true },
  ],
} as const;

export const consumerProtocolAssignmentTable = {
  name: 'ConsumerProtocolAssignment',
  type: 'data',
  doc: 'What a classic group member of the "consumer" protocol type is to read; bytes inside SyncGroup.',
  validVersions: '0-3',
  flexibleVersions: 'none',
  fields: [
    {
      name: 'assignedPartitions',
      type: '[]TopicPartition',
      versions: '0+',
      fields: [
        { name: 'topic', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
    { name: 'userData', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null, zeroCopy: true },
  ],
} as const;
