export const pushTelemetryRequestTable = {
  name: 'PushTelemetryRequest',
  type: 'request',
  apiKey: 72,
  doc: 'A client delivers its metrics.',
  listeners: ['broker'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'clientInstanceId', type: 'uuid', versions: '0+' },
    { name: 'subscriptionId', type: 'int32', versions: '0+' },
    { name: 'terminating', type: 'bool', versions: '0+' },
    { name: 'compressionType', type: 'int8', versions: '0+' },
    { name: 'metrics', type: 'bytes', versions: '0+' },
  ],
} as const;

export const pushTelemetryResponseTable = {
  name: 'PushTelemetryResponse',
  type: 'response',
  apiKey: 72,
  doc: 'Whether the metrics were taken.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
  ],
} as const;
