export const expireDelegationTokenRequestTable = {
  name: 'ExpireDelegationTokenRequest',
  type: 'request',
  apiKey: 40,
  doc: "Changes a token's expiry, or expires it at once.",
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-2',
  deprecatedVersions: '0',
  flexibleVersions: '2+',
  fields: [
    { name: 'hmac', type: 'bytes', versions: '0+' },
    { name: 'expiryTimePeriodMs', type: 'int64', versions: '0+' },
  ],
} as const;

export const expireDelegationTokenResponseTable = {
  name: 'ExpireDelegationTokenResponse',
  type: 'response',
  apiKey: 40,
  doc: "The token's new expiry.",
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'expiryTimestampMs', type: 'int64', versions: '0+' },
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
  ],
} as const;
