export const readShareGroupStateSummaryRequestTable = {
  name: 'ReadShareGroupStateSummaryRequest',
  type: 'request',
  apiKey: 87,
  doc: 'Reads where share partitions start, without their batches.',
  listeners: ['broker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  latestVersionUnstable: true,
  fields: [
    { name: 'groupId', type: 'string', versions: '0+' },
    {
      name: 'topics',
      type: '[]ReadStateSummaryData',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        {
          name: 'partitions',
          type: '[]PartitionData',
          versions: '0+',
          fields: [
            { name: 'partition', type: 'int32', versions: '0+' },
            { name: 'leaderEpoch', type: 'int32', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;

export const readShareGroupStateSummaryResponseTable = {
  name: 'ReadShareGroupStateSummaryResponse',
  type: 'response',
  apiKey: 87,
  doc: 'The start offset of each share partition.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'results',
      type: '[]ReadStateSummaryResult',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        {
          name: 'partitions',
          type: '[]PartitionResult',
          versions: '0+',
          fields: [
            { name: 'partition', type: 'int32', versions: '0+' },
            { name: 'errorCode', type: 'int16', versions: '0+' },
            { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+', default: null },
            { name: 'stateEpoch', type: 'int32', versions: '0+' },
            {
              name: 'startOffset',
              type: 'int64',
              versions: '0+',
              doc: 'First offset that is not settled yet; −1 when not set.',
            },
          ],
        },
      ],
    },
  ],
} as const;
