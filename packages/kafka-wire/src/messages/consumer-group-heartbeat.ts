export const consumerGroupHeartbeatRequestTable = {
  name: 'ConsumerGroupHeartbeatRequest',
  type: 'request',
  apiKey: 68,
  doc: 'A member of a KIP-848 consumer group joins, reports what it owns, or leaves.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'groupId', type: 'string', versions: '0+', entityType: 'groupId' },
    { name: 'memberId', type: 'string', versions: '0+' },
    {
      name: 'memberEpoch',
      type: 'int32',
      versions: '0+',
      doc: 'Epoch of the member: 0 joins, −1 leaves, −2 leaves for a while as a static member.',
    },
    { name: 'instanceId', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'rackId', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'rebalanceTimeoutMs', type: 'int32', versions: '0+', default: -1 },
    {
      name: 'subscribedTopicNames',
      type: '[]string',
      versions: '0+',
      nullableVersions: '0+',
      default: null,
      entityType: 'topicName',
    },
    { name: 'serverAssignor', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    {
      name: 'topicPartitions',
      type: '[]TopicPartitions',
      versions: '0+',
      nullableVersions: '0+',
      default: null,
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'partitions', type: '[]int32', versions: '0+' },
      ],
    },
  ],
} as const;

export const consumerGroupHeartbeatResponseTable = {
  name: 'ConsumerGroupHeartbeatResponse',
  type: 'response',
  apiKey: 68,
  doc: "The member's epoch and, when it changed, what it is to own.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'memberId', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'memberEpoch', type: 'int32', versions: '0+' },
    { name: 'heartbeatIntervalMs', type: 'int32', versions: '0+' },
    {
      name: 'assignment',
      type: 'Assignment',
      versions: '0+',
      nullableVersions: '0+',
      default: null,
      fields: [{ name: 'topicPartitions', type: '[]TopicPartitions', versions: '0+' }],
    },
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
