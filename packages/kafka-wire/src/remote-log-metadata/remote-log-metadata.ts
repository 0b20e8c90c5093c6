export const remoteLogSegmentMetadataRecordTable = {
  name: 'RemoteLogSegmentMetadataRecord',
  type: 'metadata',
  apiKey: 0,
  doc: 'A segment of a partition is being copied to, or has left for, remote storage.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'remoteLogSegmentId',
      type: 'RemoteLogSegmentIdEntry',
      versions: '0+',
      fields: [
        {
          name: 'topicIdPartition',
          type: 'TopicIdPartitionEntry',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+' },
            { name: 'id', type: 'uuid', versions: '0+' },
            { name: 'partition', type: 'int32', versions: '0+' },
          ],
        },
        { name: 'id', type: 'uuid', versions: '0+' },
      ],
    },
    { name: 'startOffset', type: 'int64', versions: '0+', doc: 'First offset of the segment.' },
    { name: 'endOffset', type: 'int64', versions: '0+', doc: 'Last offset of the segment, included.' },
    { name: 'brokerId', type: 'int32', versions: '0+' },
    {
      name: 'maxTimestampMs',
      type: 'int64',
      versions: '0+',
      wide: true,
      doc: 'Greatest timestamp of the segment’s records, in milliseconds since 1970. Chosen by producers, hence all 64 bits.',
    },
    { name: 'eventTimestampMs', type: 'int64', versions: '0+' },
    {
      name: 'segmentLeaderEpochs',
      type: '[]SegmentLeaderEpochEntry',
      versions: '0+',
      fields: [
        { name: 'leaderEpoch', type: 'int32', versions: '0+' },
        { name: 'offset', type: 'int64', versions: '0+' },
      ],
    },
    { name: 'segmentSizeInBytes', type: 'int32', versions: '0+' },
    { name: 'customMetadata', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'remoteLogSegmentState', type: 'int8', versions: '0+' },
  ],
} as const;

export const remoteLogSegmentMetadataUpdateRecordTable = {
  name: 'RemoteLogSegmentMetadataUpdateRecord',
  type: 'metadata',
  apiKey: 1,
  doc: 'A remote segment changed its state.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'remoteLogSegmentId',
      type: 'RemoteLogSegmentIdEntry',
      versions: '0+',
      fields: [
        {
          name: 'topicIdPartition',
          type: 'TopicIdPartitionEntry',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+' },
            { name: 'id', type: 'uuid', versions: '0+' },
            { name: 'partition', type: 'int32', versions: '0+' },
          ],
        },
        { name: 'id', type: 'uuid', versions: '0+' },
      ],
    },
    { name: 'brokerId', type: 'int32', versions: '0+' },
    { name: 'eventTimestampMs', type: 'int64', versions: '0+' },
    { name: 'customMetadata', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'remoteLogSegmentState', type: 'int8', versions: '0+' },
  ],
} as const;

export const remotePartitionDeleteMetadataRecordTable = {
  name: 'RemotePartitionDeleteMetadataRecord',
  type: 'metadata',
  apiKey: 2,
  doc: "How far the deletion of a partition's remote segments has come.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'topicIdPartition',
      type: 'TopicIdPartitionEntry',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+' },
        { name: 'id', type: 'uuid', versions: '0+' },
        { name: 'partition', type: 'int32', versions: '0+' },
      ],
    },
    { name: 'brokerId', type: 'int32', versions: '0+' },
    { name: 'eventTimestampMs', type: 'int64', versions: '0+' },
    { name: 'remotePartitionDeleteState', type: 'int8', versions: '0+' },
  ],
} as const;

export const remoteLogSegmentMetadataSnapshotRecordTable = {
  name: 'RemoteLogSegmentMetadataSnapshotRecord',
  type: 'metadata',
  apiKey: 3,
  doc: "A remote segment as it stands in a broker's snapshot of remote log metadata.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'segmentId', type: 'uuid', versions: '0+' },
    { name: 'startOffset', type: 'int64', versions: '0+', doc: 'First offset of the segment.' },
    { name: 'endOffset', type: 'int64', versions: '0+', doc: 'Last offset of the segment, included.' },
    { name: 'brokerId', type: 'int32', versions: '0+' },
    {
      name: 'maxTimestampMs',
      type: 'int64',
      versions: '0+',
      wide: true,
      doc: 'Greatest timestamp of the segment’s records, in milliseconds since 1970. Chosen by producers, hence all 64 bits.',
    },
    { name: 'eventTimestampMs', type: 'int64', versions: '0+' },
    {
      name: 'segmentLeaderEpochs',
      type: '[]SegmentLeaderEpochEntry',
      versions: '0+',
      fields: [
        { name: 'leaderEpoch', type: 'int32', versions: '0+' },
        { name: 'offset', type: 'int64', versions: '0+' },
      ],
    },
    { name: 'segmentSizeInBytes', type: 'int32', versions: '0+' },
    { name: 'customMetadata', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null },
    { name: 'remoteLogSegmentState', type: 'int8', versions: '0+' },
  ],
} as const;
