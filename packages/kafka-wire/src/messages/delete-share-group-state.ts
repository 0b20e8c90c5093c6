export const deleteShareGroupStateRequestTable = {
  name: 'DeleteShareGroupStateRequest',
  type: 'request',
  apiKey: 86,
  doc: 'Deletes the stored state of share partitions.',
  listeners: ['broker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  latestVersionUnstable: true,
  fields: [
    { name: 'groupId', type: 'string', versions: '0+' },
    {
      name: 'topics',
      type: '[]DeleteStateData',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        {
          name: 'partitions',
          type: '[]PartitionData',
          versions: '0+',
          fields: [{ name: 'partition', type: 'int32', versions: '0+' }],
        },
      ],
    },
  ],
} as const;

export const deleteShareGroupStateResponseTable = {
  name: 'DeleteShareGroupStateResponse',
  type: 'response',
  apiKey: 86,
  doc: 'The outcome for each share partition.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'results',
      type: '[]DeleteStateResult',
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
