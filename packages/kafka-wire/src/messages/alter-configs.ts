export const alterConfigsRequestTable = {
  name: 'AlterConfigsRequest',
  type: 'request',
  apiKey: 33,
  doc: 'Replaces the whole configuration of resources; keys that are left out go back to their defaults.',
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    {
      name: 'resources',
      type: '[]AlterConfigsResource',
      versions: '0+',
      fields: [
        {
          name: 'resourceType',
          type: 'int8',
          versions: '0+',
          mapKey: true,
          doc: 'Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics.',
        },
        { name: 'resourceName', type: 'string', versions: '0+', mapKey: true },
        {
          name: 'configs',
          type: '[]AlterableConfig',
          versions: '0+',
          fields: [
            { name: 'name', type: 'string', versions: '0+', mapKey: true },
            { name: 'value', type: 'string', versions: '0+', nullableVersions: '0+' },
          ],
        },
      ],
    },
    { name: 'validateOnly', type: 'bool', versions: '0+' },
  ],
} as const;

export const alterConfigsResponseTable = {
  name: 'AlterConfigsResponse',
  type: 'response',
  apiKey: 33,
  doc: 'The outcome for each resource.',
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    {
      name: 'responses',
      type: '[]AlterConfigsResourceResponse',
      versions: '0+',
      fields: [
        { name: 'errorCode', type: 'int16', versions: '0+' },
        { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
        {
          name: 'resourceType',
          type: 'int8',
          versions: '0+',
          doc: 'Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics.',
        },
        { name: 'resourceName', type: 'string', versions: '0+' },
      ],
    },
  ],
} as const;
