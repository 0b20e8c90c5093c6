export const listPartitionReassignmentsRequestTable = {
  name: 'ListPartitionReassignmentsRequest',
  type: 'request',
  apiKey: 46,
  doc: 'Asks for the moves that are under way.',
  listeners: ['broker', 'controller', 'zkBroker'],
  forwardable: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'timeoutMs', type: 'int32', versions: '0+', default: 60000 },
    {
      name: 'topics',
      type: '[]ListPartitionReassignmentsTopics',
      versions: '0+',
      nullableVersions: '0+',
      default: null,
      fields: [
        { name: 'name', type: 'string', versions: '0+', entityType: 'topicName' },
        { name: 'partitionIndexes', type: '[]int32', versions: '0+' },
      ],
    },
  ],
} as const;

export const listPartitionReassignmentsResponseTable = {
  name: 'ListPartitionReassignmentsResponse',
  type: 'response',
  apiKey: 46,
  doc: 'Partitions on the move, with replicas that come and go.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
    {
      name: 'topics',
      type: '[]OngoingTopicReassignment',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]OngoingPartitionReassignment',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'replicas', type: '[]int32', versions: '0+', entityType: 'brokerId' },
            { name: 'addingReplicas', type: '[]int32', versions: '0+', entityType: 'brokerId' },
            { name: 'removingReplicas', type: '[]int32', versions: '0+', entityType: 'brokerId' },
          ],
        },
      ],
    },
  ],
} as const;
