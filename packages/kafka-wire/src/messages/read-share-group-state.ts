export const readShareGroupStateRequestTable = {
  name: 'ReadShareGroupStateRequest',
  type: 'request',
  apiKey: 84,
  doc: 'Reads the stored state of share partitions.',
  listeners: ['broker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  latestVersionUnstable: true,
  fields: [
    { name: 'groupId', type: 'string', versions: '0+' },
    {
      name: 'topics',
      type: '[]ReadStateData',
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

export const readShareGroupStateResponseTable = {
  name: 'ReadShareGroupStateResponse',
  type: 'response',
  apiKey: 84,
  doc: 'State of each share partition, as batches of offsets.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'results',
      type: '[]ReadStateResult',
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
