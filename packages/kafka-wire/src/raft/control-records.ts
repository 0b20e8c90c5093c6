export const leaderChangeMessageTable = {
  name: 'LeaderChangeMessage',
  type: 'data',
  doc: 'Value of the control record with which a newly elected leader of the metadata log starts its epoch.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'version', type: 'int16', versions: '0+' },
    { name: 'leaderId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'voters', type: '[]Voter', versions: '0+' },
    { name: 'grantingVoters', type: '[]Voter', versions: '0+' },
  ],
  commonStructs: [
    {
      name: 'Voter',
      versions: '0+',
      fields: [
        { name: 'voterId', type: 'int32', versions: '0+' },
        { name: 'voterDirectoryId', type: 'uuid', versions: '1+' },
      ],
    },
  ],
} as const;

export const snapshotHeaderRecordTable = {
  name: 'SnapshotHeaderRecord',
  type: 'data',
  doc: 'Value of the control record that opens a snapshot of the metadata log.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'version', type: 'int16', versions: '0+' },
    { name: 'lastContainedLogTimestamp', type: 'int64', versions: '0+' },
  ],
} as const;

export const snapshotFooterRecordTable = {
  name: 'SnapshotFooterRecord',
  type: 'data',
  doc: 'Value of the control record that closes a snapshot of the metadata log.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'version', type: 'int16', versions: '0+' }],
} as const;

export const kRaftVersionRecordTable = {
  name: 'KRaftVersionRecord',
  type: 'data',
  doc: "Value of the control record that sets the version of the quorum's own protocol.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'version', type: 'int16', versions: '0+' },
    { name: 'kRaftVersion', type: 'int16', versions: '0+' },
  ],
} as const;

export const votersRecordTable = {
  name: 'VotersRecord',
  type: 'data',
  doc: 'Value of the control record that sets the voters of the metadata quorum.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'version', type: 'int16', versions: '0+' },
    {
      name: 'voters',
      type: '[]Voter',
      versions: '0+',
      fields: [
        { name: 'voterId', type: 'int32', versions: '0+', entityType: 'brokerId' },
        { name: 'voterDirectoryId', type: 'uuid', versions: '0+' },
        {
          name: 'endpoints',
          type: '[]Endpoint',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+', mapKey: true },
            { name: 'host', type: 'string', versions: '0+' },
            { name: 'port', type: 'uint16', versions: '0+' },
          ],
        },
        {
          name: 'kRaftVersionFeature',
          type: 'KRaftVersionFeature',
          versions: '0+',
          fields: [
            { name: 'minSupportedVersion', type: 'int16', versions: '0+' },
            { name: 'maxSupportedVersion', type: 'int16', versions: '0+' },
          ],
        },
      ],
    },
  ],
} as const;
