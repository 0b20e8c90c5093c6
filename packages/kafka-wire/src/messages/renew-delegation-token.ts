export const renewDelegationTokenRequestTable = {
  name: 'RenewDelegationTokenRequest',
  type: 'request',
  apiKey: 39,
  doc: "Moves a token's expiry forward, up to its maximum lifetime.",
  listeners: ['zkBroker', 'broker', 'controller'],
  forwardable: true,
  validVersions: '0-2',
  deprecatedVersions: '0',
  flexibleVersions: '2+',
  fields: [
    { name: 'hmac', type: 'bytes', versions: '0+' },
    { name: 'renewPeriodMs', type: 'int64', versions: '0+' },
  ],
} as const;

export const renewDelegationTokenResponseTable = {
  name: 'RenewDelegationTokenResponse',
  type: 'response',
  apiKey: 39,
  doc: "The token's new expiry.",
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    { name: 'expiryTimestampMs', type: 'int64', versions: '0+' },
    { name: 'throttleTimeMs', type: 'int32', versions: '0+' },
  ],
} as const;
