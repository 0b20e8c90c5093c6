export const consumerGroupMemberMetadataKeyTable = {
  name: 'ConsumerGroupMemberMetadataKey',
  type: 'data',
  doc: 'Key of a consumer group member.',
  validVersions: '5',
  flexibleVersions: 'none',
  fields: [
    { name: 'groupId', type: 'string', versions: '5' },
    { name: 'memberId', type: 'string', versions: '5' },
  ],
} as const;

export const consumerGroupMemberMetadataValueTable = {
  name: 'ConsumerGroupMemberMetadataValue',
  type: 'data',
  doc: 'What a consumer group member told about itself.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'instanceId', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'rackId', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'clientId', type: 'string', versions: '0+' },
    { name: 'clientHost', type: 'string', versions: '0+' },
    { name: 'subscribedTopicNames', type: '[]string', versions: '0+' },
    { name: 'subscribedTopicRegex', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'rebalanceTimeoutMs', type: 'int32', versions: '0+', default: -1 },
    { name: 'serverAssignor', type: 'string', versions: '0+', nullableVersions: '0+' },
    {
      // Not null by default: the definition has a bare null there, which Java's generator takes for no default at all.
      name: 'classicMemberMetadata',
      type: 'ClassicMemberMetadata',
      versions: '0+',
      nullableVersions: '0+',
      taggedVersions: '0+',
      tag: 0,
      fields: [
        { name: 'sessionTimeoutMs', type: 'int32', versions: '0+' },
        {
          name: 'supportedProtocols',
          type: '[]ClassicProtocol',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+' },
            { name: 'metadata', type: 'bytes', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;
