export const consumerGroupPartitionMetadataKeyTable = {
  name: 'ConsumerGroupPartitionMetadataKey',
  type: 'data',
  doc: "Key of the partition counts that a consumer group's assignment was made for.",
  validVersions: '4',
  flexibleVersions: 'none',
  fields: [{ name: 'groupId', type: 'string', versions: '4' }],
} as const;

export const consumerGroupPartitionMetadataValueTable = {
  name: 'ConsumerGroupPartitionMetadataValue',
  type: 'data',
  doc: "Partition counts and racks of the topics that a consumer group's assignment was made for.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'topics',
      type: '[]TopicMetadata',
      versions: '0+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '0+' },
        { name: 'topicName', type: 'string', versions: '0+' },
        { name: 'numPartitions', type: 'int32', versions: '0+' },
        {
          name: 'partitionMetadata',
          type: '[]PartitionMetadata',
          versions: '0+',
          fields: [
            { name: 'partition', type: 'int32', versions: '0+' },
            { name: 'racks', type: '[]string', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;
