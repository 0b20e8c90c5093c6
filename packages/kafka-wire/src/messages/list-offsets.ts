export const listOffsetsRequestTable = {
  name: 'ListOffsetsRequest',
  type: 'request',
  apiKey: 2,
  doc: 'Asks for the offset that belongs to a timestamp, or to one of the special positions such as earliest and latest.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-9',
  deprecatedVersions: '0',
  flexibleVersions: '6+',
  fields: [
    { name: 'replicaId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'isolationLevel', type: 'int8', versions: '2+' },
    {
      name: 'topics',
      type: '[]ListOffsetsTopic',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]ListOffsetsPartition',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'currentLeaderEpoch', type: 'int32', versions: '4+', default: -1, ignorable: true },
            {
              name: 'timestamp',
              type: 'int64',
              versions: '0+',
              wide: true,
              doc: 'Timestamp whose offset is wanted, in milliseconds since 1970; −1 the latest, −2 the earliest, −3 the greatest timestamp, −4 the earliest on local disk, −5 the last in remote storage. Chosen by clients, hence all 64 bits.',
            },
            { name: 'maxNumOffsets', type: 'int32', versions: '0', default: 1 },
          ],
        },
      ],
    },
  ],
} as const;

export const listOffsetsResponseTable = {
  name: 'ListOffsetsResponse',
  type: 'response',
  apiKey: 2,
  doc: 'The offset found for each partition.',
  validVersions: '0-9',
  flexibleVersions: '6+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', ignorable: true },
    {
      name: 'topics',
      type: '[]ListOffsetsTopicResponse',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', entityType: 'topicName' },
        {
          name: 'partitions',
          type: '[]ListOffsetsPartitionResponse',
          versions: '0+',
          fields: [
            { name: 'partitionIndex', type: 'int32', versions: '0+' },
            { name: 'errorCode', type: 'int16', versions: '0+' },
            { name: 'oldStyleOffsets', type: '[]int64', versions: '0' },
            {
              name: 'timestamp',
              type: 'int64',
              versions: '1+',
              default: -1,
              wide: true,
              doc: 'Timestamp of the record found, in milliseconds since 1970; −1 for none. Chosen by producers, hence all 64 bits.',
            },
            { name: 'offset', type: 'int64', versions: '1+', default: -1, doc: 'Offset found; −1 for none.' },
            { name: 'leaderEpoch', type: 'int32', versions: '4+', default: -1 },
          ],
        },
      ],
    },
  ],
} as const;
