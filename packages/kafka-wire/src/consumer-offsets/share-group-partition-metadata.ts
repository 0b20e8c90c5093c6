export const shareGroupPartitionMetadataKeyTable = {
  name: 'ShareGroupPartitionMetadataKey',
  type: 'data',
  doc: 'Key of the share partitions that a share group has created or is deleting.',
  validVersions: '9',
  flexibleVersions: 'none',
  fields: [{ name: 'groupId', type: 'string', versions: '9' }],
} as const;

export const shareGroupPartitionMetadataValueTable = {
  name: 'ShareGroupPartitionMetadataValue',
  type: 'data',
  doc: 'Share partitions whose state was created, and topics whose state is being deleted.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'initializedTopics', type: '[]TopicPartitionsInfo', versions: '0+' },
    { name: 'deletingTopics', type: '[]TopicInfo', versions: '0+' },
  ],
  commonStructs: [
    {
      name: 'TopicPartitionsInfo',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'topicName', type: 'string', versions: '0+' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
    {
      name: 'TopicInfo',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'topicName', type: 'string', versions: '0+' },
      ],
    },
  ],
} as const;
