export const consumerGroupMetadataKeyTable = {
  name: 'ConsumerGroupMetadataKey',
  type: 'data',
  doc: "Key of a consumer group's epoch.",
  validVersions: '3',
  flexibleVersions: 'none',
  fields: [{ name: 'groupId', type: 'string', versions: '3' }],
} as const;

export const consumerGroupMetadataValueTable = {
  name: 'ConsumerGroupMetadataValue',
  type: 'data',
  doc: 'Epoch of a consumer group; rises with every change of members or topics.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'epoch', type: 'int32', versions: '0+' }],
} as const;
