export const voteRequestTable = {
  name: 'VoteRequest',
  type: 'request',
  apiKey: 52,
  doc: 'A candidate for the leadership of the metadata log asks a voter for its vote.',
  listeners: ['controller'],
  clusterAction: true,
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'clusterId', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'voterId', type: 'int32', versions: '1+', default: -1, ignorable: true, entityType: 'brokerId' },
    {
      name: 'topics',
      type: '[]TopicData',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]PartitionData',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'candidateEpoch', type: 'int32', versions: '0+' },
            { name: 'candidateId', type: 'int32', versions: '0+', entityType: 'brokerId' },
            { name: 'candidateDirectoryId', type: 'uuid', versions: '1+', ignorable: true },
            { name: 'voterDirectoryId', type: 'uuid', versions: '1+', ignorable: true },
            { name: 'lastOffsetEpoch', type: 'int32', versions: '0+' },
            {
              name: 'lastOffset',
              type: 'int64',
              versions: '0+',
              doc: 'End of the candidate’s log: the offset after its last record.',
            },
          ],
        },
      ],
    },
  ],
} as const;

export const voteResponseTable = {
  name: 'VoteResponse',
  type: 'response',
  apiKey: 52,
  doc: 'Whether the vote was granted, and the epoch and leader that the voter knows.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'topics',
      type: '[]TopicData',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]PartitionData',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'errorCode', type: 'int16', versions: '0+' },
            { name: 'leaderId', type: 'int32', versions: '0+', entityType: 'brokerId' },
            { name: 'leaderEpoch', type: 'int32', versions: '0+' },
            { name: 'voteGranted', type: 'bool', versions: '0+' },
          ],
        },
      ],
    },
    {
      name: 'nodeEndpoints',
      type: '[]NodeEndpoint',
      versions: '1+',
      taggedVersions: '1+',
      tag: 0,
      fields: [
        { name: 'nodeId', type: 'int32', versions: '1+', mapKey: true, entityType: 'brokerId' },
        { name: 'host', type: 'string', versions: '1+' },
        { name: 'port', type: 'uint16', versions: '1+' },
      ],
    },
  ],
} as const;
