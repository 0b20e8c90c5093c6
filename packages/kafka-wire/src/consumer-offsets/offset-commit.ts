export const offsetCommitKeyTable = {
  name: 'OffsetCommitKey',
  type: 'data',
  doc: 'Key of a stored offset, written in version 1.',
  validVersions: '0-1',
  flexibleVersions: 'none',
  fields: [
    { name: 'group', type: 'string', versions: '0-1' },
    { name: 'topic', type: 'string', versions: '0-1' },
    { name: 'partition', type: 'int32', versions: '0-1' },
  ],
} as const;

export const offsetCommitValueTable = {
  name: 'OffsetCommitValue',
  type: 'data',
  doc: 'A stored offset, written in version 3.',
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: [
    { name: 'offset', type: 'int64', versions: '0+', doc: 'Offset of the next record to read.' },
    { name: 'leaderEpoch', type: 'int32', versions: '3+', default: -1, ignorable: true },
    { name: 'metadata', type: 'string', versions: '0+' },
    { name: 'commitTimestamp', type: 'int64', versions: '0+' },
    { name: 'expireTimestamp', type: 'int64', versions: '1', default: -1, ignorable: true },
  ],
} as const;
