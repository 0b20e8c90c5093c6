export const consumerGroupTargetAssignmentMetadataKeyTable = {
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  type: 'data',
  doc: "Key of the epoch of a consumer group's target assignment.",
  validVersions: '6',
  flexibleVersions: 'none',
  fields: [{ name: 'groupId', type: 'string', versions: '6' }],
} as const;

export const consumerGroupTargetAssignmentMetadataValueTable = {
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  type: 'data',
  doc: "The group epoch for which a consumer group's target assignment was made.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'assignmentEpoch', type: 'int32', versions: '0+' }],
} as const;
