export const offsetForLeaderEpochRequestTable = {
  name: 'OffsetForLeaderEpochRequest',
  type: 'request',
  apiKey: 23,
  doc: "Asks where a leader epoch ends in the leader's log, to detect diverging logs.",
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-4',
  deprecatedVersions: '0-1',
  flexibleVersions: '4+',
  fields: [
    { name: 'replicaId', type: 'int32', versions: '3+', default: -2, ignorable: true, entityType: 'brokerId' },
    {
      name: 'topics',
      type: '[]OffsetForLeaderTopic',
      versions: '0+',
      fields: [
        { name: 'topic', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]OffsetForLeaderPartition',
          versions: '0+',
          fields: [
            { name: 'partition', type: 'int32', versions: '0+' },
            { name: 'currentLeaderEpoch', type: 'int32', versions: '2+', default: -1, ignorable: true },
            { name: 'leaderEpoch', type: 'int32', versions: '0+', doc: 'Epoch whose end is wanted.' },
          ],
        },
      ],
    },
  ],
} as const;

export const offsetForLeaderEpochResponseTable = {
  name: 'OffsetForLeaderEpochResponse',
  type: 'response',
  apiKey: 23,
  doc: 'The end offset of the requested epoch, or of the largest one below it.',
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    {
      name: 'topics',
      type: '[]OffsetForLeaderTopicResult',
      versions: '0+',
      fields: [
        { name: 'topic', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]EpochEndOffset',
          versions: '0+',
          fields: [
            { name: 'errorCode', type: 'int16', versions: '0+' },
            { name: 'partition', type: 'int32', versions: '0+' },
            {
              name: 'leaderEpoch',
              type: 'int32',
              versions: '1+',
              default: -1,
              ignorable: true,
              doc: 'Epoch that was found; −1 for none.',
            },
            {
              name: 'endOffset',
              type: 'int64',
              versions: '0+',
              default: -1,
              doc: 'Offset after the last record of the epoch; −1 on error.',
            },
          ],
        },
      ],
    },
  ],
} as const;
