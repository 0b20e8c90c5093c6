export const controlledShutdownRequestTable = {
  name: 'ControlledShutdownRequest',
  type: 'request',
  apiKey: 7,
  doc: 'ZooKeeper mode: a broker asks the controller to move its leaderships away before it stops.',
  listeners: ['zkBroker', 'controller'],
  clusterAction: true,
  validVersions: '0-3',
  flexibleVersions: '3+',
  fields: [
    { name: 'brokerId', type: 'int32', versions: '0+', entityType: 'brokerId' },
    { name: 'brokerEpoch', type: 'int64', versions: '2+', default: -1, ignorable: true },
  ],
} as const;

export const controlledShutdownResponseTable = {
  name: 'ControlledShutdownResponse',
  type: 'response',
  apiKey: 7,
  doc: 'The partitions whose leadership could not be moved yet.',
  validVersions: '0-3',
  flexibleVersions: '3+',
  fields: [
    { name: 'errorCode', type: 'int16', versions: '0+' },
    {
      name: 'remainingPartitions',
      type: '[]RemainingPartition',
      versions: '0+',
      fields: [
        { name: 'topicName', type: 'string', versions: '0+', mapKey: true, entityType: 'topicName' },
        { name: 'partitionIndex', type: 'int32', versions: '0+', mapKey: true },
      ],
    },
  ],
} as const;
