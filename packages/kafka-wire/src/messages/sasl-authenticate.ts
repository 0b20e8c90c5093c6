export const saslAuthenticateRequestTable = {
  name: 'SaslAuthenticateRequest',
  type: 'request',
  apiKey: 36,
  doc: 'One step of the SASL exchange, from the client.',
  listeners: ['zkBroker', 'broker', 'controller'],
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [{ name: 'authBytes', type: 'bytes', versions: '0+' }],
} as const;

export const saslAuthenticateResponseTable = {
  name: 'SaslAuthenticateResponse',
  type: 'response',
  apiKey: 36,
  doc: 'One step of the SASL exchange, from the server.',
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'errorMessage', type: 'string', versions: '0+', nullableVersions: '0+' },
    { name: 'authBytes', type: 'bytes', versions: '0+' },
    { name: 'sessionLifetimeMs', type: 'int64', versions: '1+', ignorable: true },
  ],
} as const;
