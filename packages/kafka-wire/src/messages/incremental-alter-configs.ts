export const incrementalAlterConfigsRequestTable = {
  name: 'IncrementalAlterConfigsRequest',
  type: 'request',
  apiKey: 44,
  doc: 'Sets, deletes or edits single configuration keys of resources.',
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-1',
  flexibleVersions: '1+',
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
            { name: 'configOperation', type: 'int8', versions: '0+', mapKey: true },
            { name: 'value', type: 'string', versions: '0+', nullableVersions: '0+' },
          ],
        },
      ],
    },
    { name: 'validateOnly', type: 'bool', versions: '0+' },
  ],
} as const;

export const incrementalAlterConfigsResponseTable = {
  name: 'IncrementalAlterConfigsResponse',
  type: 'response',
  apiKey: 44,
  doc: 'The outcome for each resource.',
  validVersions: '0-1',
  flexibleVersions: '1+',
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
