export const writeShareGroupStateRequestTable = {
  name: 'WriteShareGroupStateRequest',
  type: 'request',
  apiKey: 85,
  doc: 'Stores changes to the state of share partitions.',
  listeners: ['broker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  latestVersionUnstable: true,
  fields: [
    { name: 'groupId', type: 'string', versions: '0+' },
    {
      name: 'topics',
      type: '[]WriteStateData',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        {
          name: 'partitions',
          type: '[]PartitionData',
          versions: '0+',
          fields: [
            { name: 'partition', type: 'int32', versions: '0+' },
            { name: 'stateEpoch', type: 'int32', versions: '0+' },
            { name: 'leaderEpoch', type: 'int32', versions: '0+' },
            {
              name: 'startOffset',
              type: 'int64',
              versions: '0+',
              doc: 'First offset that is not settled yet; −1 leaves it as it is.',
            },
            {
              name: 'stateBatches',
              type: '[]StateBatch',
              versions: '0+',
              fields: [
                { name: 'firstOffset', type: 'int64', versions: '0+' },
                { name: 'lastOffset', type: 'int64', versions: '0+' },
                { name: 'deliveryState', type: 'int8', versions: '0+' },
                { name: 'deliveryCount', type: 'int16', versions: '0+' },
              ],
            },
          ],
        },
      ],
    },
  ],
} as const;

export const writeShareGroupStateResponseTable = {
  name: 'WriteShareGroupStateResponse',
  type: 'response',
  apiKey: 85,
  doc: 'The outcome for each share partition.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'results',
      type: '[]WriteStateResult',
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
          ],
        },
      ],
    },
  ],
} as const;
