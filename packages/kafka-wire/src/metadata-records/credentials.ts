export const userScramCredentialRecordTable = {
  name: 'UserScramCredentialRecord',
  type: 'metadata',
  apiKey: 11,
  doc: "A user's SCRAM credential was set.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'name', type: 'string', versions: '0+', doc: 'Name of the user.' },
    { name: 'mechanism', type: 'int8', versions: '0+' },
    { name: 'salt', type: 'bytes', versions: '0+' },
    { name: 'storedKey', type: 'bytes', versions: '0+' },
    { name: 'serverKey', type: 'bytes', versions: '0+' },
    { name: 'iterations', type: 'int32', versions: '0+' },
  ],
} as const;

export const removeUserScramCredentialRecordTable = {
  name: 'RemoveUserScramCredentialRecord',
  type: 'metadata',
  apiKey: 22,
  doc: "A user's SCRAM credential was deleted.",
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'name', type: 'string', versions: '0+', doc: 'Name of the user.' },
    { name: 'mechanism', type: 'int8', versions: '0+' },
  ],
} as const;

export const delegationTokenRecordTable = {
  name: 'DelegationTokenRecord',
  type: 'metadata',
  apiKey: 10,
  doc: 'A delegation token was issued or changed.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'owner', type: 'string', versions: '0+' },
    { name: 'requester', type: 'string', versions: '0+' },
    { name: 'renewers', type: '[]string', versions: '0+' },
    { name: 'issueTimestamp', type: 'int64', versions: '0+' },
    { name: 'maxTimestamp', type: 'int64', versions: '0+' },
    { name: 'expirationTimestamp', type: 'int64', versions: '0+' },
    { name: 'tokenId', type: 'string', versions: '0+' },
  ],
} as const;

export const removeDelegationTokenRecordTable = {
  name: 'RemoveDelegationTokenRecord',
  type: 'metadata',
  apiKey: 26,
  doc: 'A delegation token was deleted.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [{ name: 'tokenId', type: 'string', versions: '0+' }],
} as const;
