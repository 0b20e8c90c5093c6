export const shareGroupMemberMetadataKeyTable = {
  name: 'ShareGroupMemberMetadataKey',
  type: 'data',
  doc: 'Key of a share group member.',
  validVersions: '10',
  flexibleVersions: 'none',
  fields: [
    { name: 'groupId', type: 'string', versions: '10' },
    { name: 'memberId', type: 'string', versions: '10' },
  ],
} as const;

export const shareGroupMemberMetadataValueTable = {
  name: 'ShareGroupMemberMetadataValue',
  type: 'data',
  doc: 'What a share group member told about itself.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'rackId', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'clientId', type: 'string', versions: '0+' },
    { name: 'clientHost', type: 'string', versions: '0+' },
    { name: 'subscribedTopicNames', type: '[]string', versions: '0+' },
  ],
} as const;
