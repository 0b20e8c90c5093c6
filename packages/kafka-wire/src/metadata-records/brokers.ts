export const registerBrokerRecordTable = {
  name: 'RegisterBrokerRecord',
  type: 'metadata',
  apiKey: 0,
  doc: 'A broker registered, or registered anew.',
  validVersions: '0-3',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'isMigratingZkBroker', type: 'bool', versions: '2+' },
    { name: 'incarnationId', type: 'uuid', versions: '0+' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+' },
    {
      name: 'endPoints',
      type: '[]BrokerEndpoint',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true },
        { name: 'host', type: 'string', versions: '0+' },
        { name: 'port', type: 'uint16', versions: '0+' },
        { name: 'securityProtocol', type: 'int16', versions: '0+' },
      ],
    },
    {
      name: 'features',
      type: '[]BrokerFeature',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true },
        { name: 'minSupportedVersion', type: 'int16', versions: '0+' },
        { name: 'maxSupportedVersion', type: 'int16', versions: '0+' },
      ],
    },
    { name: 'rack', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'fenced', type: 'bool', versions: '0+', default: true },
    { name: 'inControlledShutdown', type: 'bool', versions: '1+' },
    { name: 'logDirs', type: '[]uuid', versions: '3+', taggedVersions: '3+', tag: 0 },
  ],
} as const;

export const unregisterBrokerRecordTable = {
  name: 'UnregisterBrokerRecord',
  type: 'metadata',
  apiKey: 1,
  doc: "A broker's registration was removed.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+' },
  ],
} as const;

export const brokerRegistrationChangeRecordTable = {
  name: 'BrokerRegistrationChangeRecord',
  type: 'metadata',
  apiKey: 17,
  doc: "Parts of a broker's registration changed; what is at its default stays as it was.",
  validVersions: '0-2',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+' },
    { name: 'fenced', type: 'int8', versions: '0+', taggedVersions: '0+', tag: 0 },
    { name: 'inControlledShutdown', type: 'int8', versions: '1+', taggedVersions: '1+', tag: 1 },
    { name: 'logDirs', type: '[]uuid', versions: '2+', taggedVersions: '2+', tag: 2 },
  ],
} as const;

export const fenceBrokerRecordTable = {
  name: 'FenceBrokerRecord',
  type: 'metadata',
  apiKey: 7,
  doc: 'A broker was fenced; only metadata versions without registration change records use it.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'id', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'epoch', type: 'int64', versions: '0+' },
  ],
} as const;

export const unfenceBrokerRecordTable = {
  name: 'UnfenceBrokerRecord',
  type: 'metadata',
  apiKey: 8,
  doc: 'A broker was unfenced; only metadata versions without registration change records use it.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'id', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'epoch', type: 'int64', versions: '0+' },
  ],
} as const;
