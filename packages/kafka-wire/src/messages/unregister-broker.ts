export const unregisterBrokerRequestTable = {
  name: 'UnregisterBrokerRequest',
  type: 'request',
  apiKey: 64,
  doc: 'Removes the registration of a broker that will not come back.',
  listeners: ['broker', 'controller'],
  forwardable: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' }],
} as const;

export const unregisterBrokerResponseTable = {
  name: 'UnregisterBrokerResponse',
  type: 'response',
  apiKey: 64,
  doc: 'Whether the registration was removed.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
  ],
} as const;
