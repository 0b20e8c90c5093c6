export const brokerHeartbeatRequestTable = {
  name: 'BrokerHeartbeatRequest',
  type: 'request',
  apiKey: 63,
  doc: 'KRaft mode: a broker proves that it lives and says which state it wants to be in.',
  listeners: ['controller'],
  clusterAction: true,
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+', default: -1 },
    { name: 'currentMetadataOffset', type: 'int64', versions: '0+' },
    { name: 'wantFence', type: 'bool', versions: '0+' },
    { name: 'wantShutDown', type: 'bool', versions: '0+' },
    { name: 'offlineLogDirs', type: '[]uuid', versions: '1+', taggedVersions: '1+', tag: 0 },
  ],
} as const;

export const brokerHeartbeatResponseTable = {
  name: 'BrokerHeartbeatResponse',
  type: 'response',
  apiKey: 63,
  doc: 'The state in which the controller sees the broker.',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'isCaughtUp', type: 'bool', versions: '0+' },
    { name: 'isFenced', type: 'bool', versions: '0+', default: true },
    { name: 'shouldShutDown', type: 'bool', versions: '0+' },
  ],
} as const;
