export const deleteGroupsRequestTable = {
  name: 'DeleteGroupsRequest',
  type: 'request',
  apiKey: 42,
  doc: 'Deletes empty groups with their offsets.',
  listeners: ['zkBroker', 'broker'],
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [{ name: 'groupsNames', type: '[]string', versions: '0+', entityType: 'groupId' }],
} as const;

export const deleteGroupsResponseTable = {
  name: 'DeleteGroupsResponse',
  type: 'response',
  apiKey: 42,
  doc: 'The outcome for each group.',
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    {
      name: 'results',
      type: '[]DeletableGroupResult',
      versions: '0+',
      fields: [
        { name: 'groupId', type: 'string', versions: '0+', mapKey: true, entityType: 'groupId' },
        { name: 'errorCode', type: 'int16', versions: '0+' },
      ],
    },
  ],
} as const;
