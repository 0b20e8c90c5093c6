export const getTelemetrySubscriptionsRequestTable = {
  name: 'GetTelemetrySubscriptionsRequest',
  type: 'request',
  apiKey: 71,
  doc: 'A client asks which of its metrics the broker wants to see.',
  listeners: ['broker'],
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'clientInstanceId', type: 'uuid', versions: '0+' }],
} as const;

export const getTelemetrySubscriptionsResponseTable = {
  name: 'GetTelemetrySubscriptionsResponse',
  type: 'response',
  apiKey: 71,
  doc: 'Metrics that the broker wants, how often, and in which form.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'clientInstanceId', type: 'uuid', versions: '0+' },
    { name: 'subscriptionId', type: 'int32', versions: '0+' },
    { name: 'acceptedCompressionTypes', type: '[]int8', versions: '0+' },
    { name: 'pushIntervalMs', type: 'int32', versions: '0+' },
    { name: 'telemetryMaxBytes', type: 'int32', versions: '0+' },
    { name: 'deltaTemporality', type: 'bool', versions: '0+' },
    { name: 'requestedMetrics', type: '[]string', versions: '0+' },
  ],
} as const;
