export const saslHandshakeRequestTable = {
  name: 'SaslHandshakeRequest',
  type: 'request',
  apiKey: 17,
  doc: 'Names the SASL mechanism with which the client wants to authenticate.',
  listeners: ['zkBroker', 'broker', 'controller'],
  validVersions: '0-1',
  flexibleVersions: 'none',
  fields: [{ name: 'mechanism', type: 'string', versions: '0+' }],
} as const;

export const saslHandshakeResponseTable = {
  name: 'SaslHandshakeResponse',
  type: 'response',
  apiKey: 17,
  doc: 'Whether the mechanism is enabled, and which ones are.',
  validVersions: '0-1',
  flexibleVersions: 'none',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'mechanisms', type: '[]string', versions: '0+' },
  ],
} as const;
