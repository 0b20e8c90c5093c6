export const defaultPrincipalDataTable = {
  name: 'DefaultPrincipalData',
  type: 'data',
  doc: 'The identity of a client, as a broker passes it on inside Envelope.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'type', type: 'string', versions: '0+' },
    { name: 'name', type: 'string', versions: '0+', doc: 'Name of the principal.' },
    { name: 'tokenAuthenticated', type: 'bool', versions: '0+' },
  ],
} as const;
