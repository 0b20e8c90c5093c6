export const consumerGroupTargetAssignmentMemberKeyTable = {
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  type: 'data',
  doc: 'Key of the target assignment of a consumer group member.',
  validVersions: '7',
  flexibleVersions: 'none',
  fields: [
    { name: 'groupId', type: 'string', versions: '7' },
    { name: 'memberId', type: 'string', versions: '7' },
  ],
} as const;

export const consumerGroupTargetAssignmentMemberValueTable = {
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  type: 'data',
  doc: 'Partitions that a consumer group member is to own in the end.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'topicPartitions',
      type: '[]TopicPartition',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
  ],
} as const;
