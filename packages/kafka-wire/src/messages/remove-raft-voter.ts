export const removeRaftVoterRequestTable = {
  name: 'RemoveRaftVoterRequest',
  type: 'request',
  apiKey: 81,
  doc: 'Removes a controller from the voters of the metadata quorum.',
  listeners: ['controller', 'broker'],
  forwardable: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'clusterId', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'voterId', type: 'int32', versions: '0+' },
    { name: 'voterDirectoryId', type: 'uuid', versions: '0+' },
  ],
} as const;

export const removeRaftVoterResponseTable = {
  name: 'RemoveRaftVoterResponse',
  type: 'response',
  apiKey: 81,
  doc: 'Whether the voter was removed.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+', ignorable: true },
  ],
} as const;
