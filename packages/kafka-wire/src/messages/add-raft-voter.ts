export const addRaftVoterRequestTable = {
  name: 'AddRaftVoterRequest',
  type: 'request',
  apiKey: 80,
  doc: 'Adds a controller to the voters of the metadata quorum.',
  listeners: ['controller', 'broker'],
  forwardable: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'clusterId', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'timeoutMs', type: 'int32', versions: '0+' },
    { name: 'voterId', type: 'int32', versions: '0+' },
    { name: 'voterDirectoryId', type: 'uuid', versions: '0+' },
    {
      name: 'listeners',
      type: '[]Listener',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true },
        { name: 'host', type: 'string', versions: '0+' },
        { name: 'port', type: 'uint16', versions: '0+' },
      ],
    },
  ],
} as const;

export const addRaftVoterResponseTable = {
  name: 'AddRaftVoterResponse',
  type: 'response',
  apiKey: 80,
  doc: 'Whether the voter was added.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+', ignorable: true },
  ],
} as const;
