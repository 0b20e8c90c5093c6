export const heartbeatRequestTable = {
  name: 'HeartbeatRequest',
  type: 'request',
  apiKey: 12,
  doc: 'Keeps a classic group member alive and learns of rebalances.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: [
    { name: 'groupId', type: 'string', versions: '0+', entityType: 'groupId' },
    { name: 'generationId', type: 'int32', versions: '0+' },
    { name: 'memberId', type: 'string', versions: '0+' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullableVersions: '3+', default: null },
  ],
} as const;

export const heartbeatResponseTable = {
  name: 'HeartbeatResponse',
  type: 'response',
  apiKey: 12,
  doc: 'Whether the member still belongs to the generation.',
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16', versions: '0+' },
  ],
} as const;
