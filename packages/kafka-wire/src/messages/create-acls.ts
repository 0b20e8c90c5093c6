export const createAclsRequestTable = {
  name: 'CreateAclsRequest',
  type: 'request',
  apiKey: 30,
  doc: 'Adds access control entries.',
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-3',
  deprecatedVersions: '0',
  flexibleVersions: '2+',
  fields: [
    {
      name: 'creations',
      type: '[]AclCreation',
      versions: '0+',
      fields: [
        {
          name: 'resourceType',
          type: 'int8',
          versions: '0+',
          doc: 'Kind of resource: 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user.',
        },
        { name: 'resourceName', type: 'string', versions: '0+' },
        { name: 'resourcePatternType', type: 'int8', versions: '1+', default: 3 },
        { name: 'principal', type: 'string', versions: '0+' },
        { name: 'host', type: 'string', versions: '0+' },
        { name: 'operation', type: 'int8', versions: '0+' },
        { name: 'permissionType', type: 'int8', versions: '0+' },
      ],
    },
  ],
} as const;

export const createAclsResponseTable = {
  name: 'CreateAclsResponse',
  type: 'response',
  apiKey: 30,
  doc: 'The outcome for each entry, in the order of the request.',
  validVersions: '0-3',
  flexibleVersions: '2+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    {
      name: 'results',
      type: '[]AclCreationResult',
      versions: '0+',
      fields: [
        { name: 'errorCode', type: 'int16', versions: '0+' },
        { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
      ],
    },
  ],
} as const;
