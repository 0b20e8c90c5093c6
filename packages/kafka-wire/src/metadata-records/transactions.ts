export const beginTransactionRecordTable = {
  name: 'BeginTransactionRecord',
  type: 'metadata',
  apiKey: 23,
  doc: 'Opens a group of records that take effect together.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'name',
      type: 'string',
      versions: '0+',
      nullableVersions: '0+',
      taggedVersions: '0+',
      tag: 0,
      default: null,
      doc: 'What the group of records is about; null when not said.',
    },
  ],
} as const;

export const endTransactionRecordTable = {
  name: 'EndTransactionRecord',
  type: 'metadata',
  apiKey: 24,
  doc: 'Closes a group of records, which takes effect.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [],
} as const;

export const abortTransactionRecordTable = {
  name: 'AbortTransactionRecord',
  type: 'metadata',
  apiKey: 25,
  doc: 'Closes a group of records, none of which takes effect.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    {
      name: 'reason',
      type: 'string',
      versions: '0+',
      nullableVersions: '0+',
      taggedVersions: '0+',
      tag: 0,
      default: null,
    },
  ],
} as const;
