export const listClientMetricsResourcesRequestTable = {
  name: 'ListClientMetricsResourcesRequest',
  type: 'request',
  apiKey: 74,
  doc: 'Asks for the names of all client metrics subscriptions.',
  listeners: ['broker'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [],
} as const;

export const listClientMetricsResourcesResponseTable = {
  name: 'ListClientMetricsResourcesResponse',
  type: 'response',
  apiKey: 74,
  doc: 'Names of the client metrics subscriptions.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'clientMetricsResources',
      type: '[]ClientMetricsResource',
      versions: '0+',
      fields: [{ name: 'name', type: 'string', versions: '0+' }],
    },
  ],
} as const;
