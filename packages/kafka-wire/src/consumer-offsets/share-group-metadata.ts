export const shareGroupMetadataKeyTable = {
  name: 'ShareGroupMetadataKey',
  type: 'data',
  doc: "Key of a share group's epoch.",
  validVersions: '11',
  flexibleVersions: 'none',
  fields: [{ name: 'groupId', type: 'string', versions: '11' }],
} as const;

export const shareGroupMetadataValueTable = {
  name: 'ShareGroupMetadataValue',
  type: 'data',
  doc: 'Epoch of a share group; rises with every change of members or topics.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'epoch', type: 'int32', versions: '0+' }],
} as const;
