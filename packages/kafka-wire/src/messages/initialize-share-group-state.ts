export const initializeShareGroupStateRequestTable = {
  name: 'InitializeShareGroupStateRequest',
  type: 'request',
  apiKey: 83,
  doc: 'Creates the stored state of share partitions.',
  listeners: ['broker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  latestVersionUnstable: true,
  fields: [
    { name: 'groupId', type: 'string', versions: '0+' },
    {
      name: 'topics',
      type: '[]InitializeStateData',
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

export const initializeShareGroupStateResponseTable = {
  name: 'InitializeShareGroupStateResponse',
  type: 'response',
  apiKey: 83,
  doc: 'The outcome for each share partition.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'results',
      type: '[]InitializeStateResult',
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
