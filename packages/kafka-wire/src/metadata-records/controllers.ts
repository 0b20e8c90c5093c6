export const registerControllerRecordTable = {
  name: 'RegisterControllerRecord',
  type: 'metadata',
  apiKey: 27,
  doc: 'A controller registered.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'controllerId', type: 'int32', versions: '0+', doc: 'Node id of the controller that registered.' },
    { name: 'incarnationId', type: 'uuid', versions: '0+' },
    { name: 'zkMigrationReady', type: 'bool', versions: '0+' },
    {
      name: 'endPoints',
      type: '[]ControllerEndpoint',
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
      type: '[]ControllerFeature',
      versions: '0+',
      fields: [
        { name: 'name', type: 'string', versions: '0+', mapKey: true },
        { name: 'minSupportedVersion', type: 'int16', versions: '0+' },
        { name: 'maxSupportedVersion', type: 'int16', versions: '0+' },
      ],
    },
  ],
} as const;

export const noOpRecordTable = {
  name: 'NoOpRecord',
  type: 'metadata',
  apiKey: 20,
  doc: 'Changes nothing; written when idle, so that followers can tell a quiet leader from a dead one.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [],
} as const;

export const zkMigrationStateRecordTable = {
  name: 'ZkMigrationStateRecord',
  type: 'metadata',
  apiKey: 21,
  doc: 'How far the move from ZooKeeper to KRaft has come.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'zkMigrationState', type: 'int8', versions: '0+' }],
} as const;
