export const accessControlEntryRecordTable = {
  name: 'AccessControlEntryRecord',
  type: 'metadata',
  apiKey: 18,
  doc: 'An access control entry was added.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'id', type: 'uuid', versions: '0+', doc: 'Id of the entry.' },
    {
      name: 'resourceType',
      type: 'int8',
      versions: '0+',
      doc: 'Kind of resource: 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user.',
    },
    { name: 'resourceName', type: 'string', versions: '0+' },
    { name: 'patternType', type: 'int8', versions: '0+' },
    { name: 'principal', type: 'string', versions: '0+' },
    { name: 'host', type: 'string', versions: '0+', doc: 'Host that the entry is about; `*` for any.' },
    { name: 'operation', type: 'int8', versions: '0+' },
    { name: 'permissionType', type: 'int8', versions: '0+' },
  ],
} as const;

export const removeAccessControlEntryRecordTable = {
  name: 'RemoveAccessControlEntryRecord',
  type: 'metadata',
  apiKey: 19,
  doc: 'An access control entry was deleted.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'id', type: 'uuid', versions: '0+', doc: 'Id of the entry.' }],
} as const;
