export const envelopeRequestTable = {
  name: 'EnvelopeRequest',
  type: 'request',
  apiKey: 58,
  doc: 'Carries another request, with the identity of its client, from a broker to the active controller.',
  listeners: ['controller', 'zkBroker'],
  clusterAction: true,
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'requestData', type: 'bytes', versions: '0+', zeroCopy: true },
    { name: 'requestPrincipal', type: 'bytes', versions: '0+', nullableVersions: '0+' },
    { name: 'clientHostAddress', type: 'bytes', versions: '0+' },
  ],
} as const;

export const envelopeResponseTable = {
  name: 'EnvelopeResponse',
  type: 'response',
  apiKey: 58,
  doc: "Carries the controller's response to the request inside the envelope.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'responseData', type: 'bytes', versions: '0+', nullableVersions: '0+', default: null, zeroCopy: true },
    {
      name: 'errorCode',
      type: 'int16',
      versions: '0+',
      doc: 'Kafka’s error code for the envelope itself; 0 when a response is inside.',
    },
  ],
} as const;
