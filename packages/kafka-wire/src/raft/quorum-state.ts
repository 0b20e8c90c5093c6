export const quorumStateDataTable = {
  name: 'QuorumStateData',
  type: 'data',
  doc: 'What a voter must remember across restarts; kept as JSON in the file `quorum-state`.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'clusterId', type: 'string', versions: '0' },
    { name: 'leaderId', type: 'int32', versions: '0+', default: -1, doc: 'Node id of the leader; −1 for none.' },
    { name: 'leaderEpoch', type: 'int32', versions: '0+', default: -1 },
    { name: 'votedId', type: 'int32', versions: '0+', default: -1 },
    { name: 'votedDirectoryId', type: 'uuid', versions: '1+' },
    { name: 'appliedOffset', type: 'int64', versions: '0' },
    {
      name: 'currentVoters',
      type: '[]Voter',
      versions: '0',
      nullableVersions: '0',
      fields: [{ name: 'voterId', type: 'int32', versions: '0' }],
    },
  ],
} as const;
