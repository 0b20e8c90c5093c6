export const requestHeaderTable = {
  name: 'RequestHeader',
  type: 'header',
  doc: 'Precedes the body of every request.',
  validVersions: '0-2',
  flexibleVersions: '2+',
  fields: [
    { name: 'requestApiKey', type: 'int16', versions: '0+' },
    { name: 'requestApiVersion', type: 'int16', versions: '0+' },
    { name: 'correlationId', type: 'int32', versions: '0+' },
    {
      name: 'clientId',
      type: 'string',
      versions: '1+',
      nullableVersions: '1+',
      ignorable: true,
      flexibleVersions: 'none',
    },
  ],
} as const;

export const responseHeaderTable = {
  name: 'ResponseHeader',
  type: 'header',
  doc: 'Precedes the body of every response.',
  validVersions: '0-1',
  flexibleVersions: '1+',
  fields: [{ name: 'correlationId', type: 'int32', versions: '0+' }],
} as const;
