export const configRecordTable = {
  name: 'ConfigRecord',
  type: 'metadata',
  apiKey: 4,
  doc: 'A configuration key was set, or deleted when the value is null.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'resourceType',
      type: 'int8',
      versions: '0+',
      doc: 'Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics.',
    },
    { name: 'resourceName', type: 'string', versions: '0+' },
    { name: 'name', type: 'string', versions: '0+', doc: 'Key of the entry.' },
    { name: 'value', type: 'string', versions: '0+', nullableVersions: '0+', doc: 'Value; null deletes the entry.' },
  ],
} as const;

export const clientQuotaRecordTable = {
  name: 'ClientQuotaRecord',
  type: 'metadata',
  apiKey: 14,
  doc: 'A quota was set or removed.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'entity',
      type: '[]EntityData',
      versions: '0+',
      fields: [
        { name: 'entityType', type: 'string', versions: '0+' },
        { name: 'entityName', type: 'string', versions: '0+', nullableVersions: '0+' },
      ],
    },
    { name: 'key', type: 'string', versions: '0+', doc: 'Name of the quota, such as `producer_byte_rate`.' },
    { name: 'value', type: 'float64', versions: '0+' },
    { name: 'remove', type: 'bool', versions: '0+' },
  ],
} as const;

export const featureLevelRecordTable = {
  name: 'FeatureLevelRecord',
  type: 'metadata',
  apiKey: 12,
  doc: 'The finalized level of a feature was set; level 0 removes it.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'name', type: 'string', versions: '0+', doc: 'Name of the feature.' },
    { name: 'featureLevel', type: 'int16', versions: '0+' },
  ],
} as const;
