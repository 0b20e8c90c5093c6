export const producerIdsRecordTable = {
  name: 'ProducerIdsRecord',
  type: 'metadata',
  apiKey: 15,
  doc: 'A block of producer ids was handed to a broker.',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '0+', default: -1 },
    { name: 'nextProducerId', type: 'int64', versions: '0+' },
  ],
} as const;
