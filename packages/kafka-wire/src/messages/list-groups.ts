export const listGroupsRequestTable = {
  name: 'ListGroupsRequest',
  type: 'request',
  apiKey: 16,
  doc: 'Asks a broker for the groups it coordinates.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-5',
  flexibleVersions: '3+',
  fields: [
    { name: 'statesFilter', type: '[]string', versions: '4+' },
    { name: 'typesFilter', type: '[]string', versions: '5+' },
  ],
} as const;

export const listGroupsResponseTable = {
  name: 'ListGroupsResponse',
  type: 'response',
  apiKey: 16,
  doc: 'The groups that the answering broker coordinates.',
  validVersions: '0-5',
  flexibleVersions: '3+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'groups',
      type: '[]ListedGroup',
      versions: '0+',
      fields: [
        { name: 'groupId', type: 'string', versions: '0+', entityType: 'groupId' },
        { name: 'protocolType', type: 'string', versions: '0+' },
        { name: 'groupState', type: 'string', versions: '4+', ignorable: true },
        { name: 'groupType', type: 'string', versions: '5+', ignorable: true },
      ],
    },
  ],
} as const;
