export const consumerGroupCurrentMemberAssignmentKeyTable = {
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  type: 'data',
  doc: 'Key of the current assignment of a consumer group member.',
  validVersions: '8',
  flexibleVersions: 'none',
  fields: [
    { name: 'groupId', type: 'string', versions: '8' },
    { name: 'memberId', type: 'string', versions: '8' },
  ],
} as const;

export const consumerGroupCurrentMemberAssignmentValueTable = {
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  type: 'data',
  doc: 'Partitions that a consumer group member owns now, and its way to the target.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'memberEpoch', type: 'int32', versions: '0+' },
    { name: 'previousMemberEpoch', type: 'int32', versions: '0+' },
    { name: 'state', type: 'int8', versions: '0+' },
    { name: 'assignedPartitions', type: '[]TopicPartitions', versions: '0+' },
    { name: 'partitionsPendingRevocation', type: '[]TopicPartitions', versions: '0+' },
  ],
  commonStructs: [
    {
      name: 'TopicPartitions',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
  ],
} as const;
